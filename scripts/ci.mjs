// `.ci/run`: README's test command, then lint, types and whether the committed contract is fresh.
import { ensureReady } from './setup.mjs';
import { browserStories, check, jest, summarize } from './test/suites.mjs';

await ensureReady({ parts: ['npm', 'python', 'sandbox', 'daemon', 'lab', 'labPackage', 'browser'] });
const outcomes = [
  await jest(),
  await browserStories(),
  await check('types', 'tsc', ['-b']),
  await check('story types', 'tsc', ['-p', 'ui-tests']),
  await check('lint', 'eslint', ['--max-warnings', '0', '.']),
  await check('openapi', 'node', ['scripts/openapi.mjs', '--check'])
];
process.exit(summarize(outcomes) ? 0 : 1);
