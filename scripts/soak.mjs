// `npm run test:soak [-- MINUTES]`: the long run of the tests that `npm test`
// gives some seconds.
import { ensureReady } from './setup.mjs';
import { jest, summarize } from './test/suites.mjs';

const minutes = Number(process.argv[2] ?? 30);
process.env.SLIPWAY_SOAK_SECONDS = String(minutes * 60);
await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon'] });
process.exit(summarize([await jest(['soak'])]) ? 0 : 1);
