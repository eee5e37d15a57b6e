// `npm test`: sets up what is missing, then every test. `npm test -- server`
// passes a filter on to jest and leaves the browser out.
import { ensureReady } from './setup.mjs';
import { browserStories, jest, summarize } from './test/suites.mjs';

const filters = process.argv.slice(2);
const isWhole = filters.length === 0;
await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon', ...(isWhole ? ['lab', 'labPackage', 'browser'] : [])] });
const outcomes = [await jest(filters)];
if (isWhole) {
  outcomes.push(await browserStories());
}
process.exit(summarize(outcomes) ? 0 : 1);
