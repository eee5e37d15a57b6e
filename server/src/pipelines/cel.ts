import type { Environment as CelEnvironment, parse as parseCel } from '@marcbachmann/cel-js' with { 'resolution-mode': 'import' };

// An ES module, which Node requires from 20.19 on; TypeScript's Node16 modules do not know that yet.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
const { Environment, parse } = require('@marcbachmann/cel-js') as { Environment: typeof CelEnvironment; parse: typeof parseCel };

export { Environment, parse };
export type { CelEnvironment };
