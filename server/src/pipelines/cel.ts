import type { Environment as CelEnvironment } from '@marcbachmann/cel-js' with { 'resolution-mode': 'import' };

// An ES module, which Node requires from 20.19 on; TypeScript's Node16 modules do not know that yet.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
const { Environment } = require('@marcbachmann/cel-js') as { Environment: typeof CelEnvironment };

export { Environment };
export type { CelEnvironment };
