import type { ModelVersion, VersionMaking } from '@slipway/schema';
import { parse } from 'yaml';
import { guessTask } from './front-matter';
import type { Known } from './known';
import { code, codeBlock, plain, table } from './markdown';
import { renderCard, renderGenerated } from './render';

const version = (more: Partial<ModelVersion> = {}): ModelVersion => ({ name: 'fraud', version: '2', aliases: [], description: '', source: '', runId: null, status: 'READY', createdAt: '2026-01-01T00:00:00.000Z', tags: {}, stage: 'None', metrics: {}, slices: [], params: {}, signature: null, example: null, flavors: [], ...more });
const making = (more: Partial<VersionMaking> = {}): VersionMaking => ({ params: {}, notebookPath: null, cells: [], packages: {}, python: null, data: [], notes: [], ...more });
const known = (more: Partial<Known> = {}): Known => ({ version: version(), making: making(), evaluation: null, lineage: [], ...more });
const NO_LABELS = { license: null, language: [], tags: [], task: null };
const matterOf = (card: string): unknown => parse(/^---\n([\s\S]*?)---\n/.exec(card)![1]!);

test('what anybody may name cannot break out of its place', () => {
  expect(plain('a|b <script> `x`\n# y')).toBe('a\\|b \\<script\\> \\`x\\` \\# y');
  expect([code('x'), code('a`b'), code('`')]).toEqual(['`x`', '``a`b``', '`` ` ``']);
  expect(codeBlock('python', 's = """```"""\n')).toBe('````python\ns = """```"""\n````');
  expect(table(['a'], [['x|y'], ['x\\|y']])).toBe('| a |\n| --- |\n| x\\|y |\n| x\\|y |');
});

test('a person’s text stands whole; what nobody wrote is a question', () => {
  const card = renderCard(known(), { intendedUse: 'To *help* clerks.' }, NO_LABELS);
  expect(card).toContain('## Intended use\n\nTo *help* clerks.\n');
  expect(card).toMatch(/## Limitations\n\n\*Where it is known to be wrong/);
  expect(renderGenerated(known())).not.toContain('Limitations');
});

test('front-matter is Hugging Face’s: one result for all data and one for each slice', () => {
  const measured = version({ flavors: ['python_function', 'sklearn'], metrics: { accuracy: 0.9, loss: 'NaN' }, slices: [{ metric: 'accuracy', column: 'country', overall: 0.9, slices: [{ value: 'DE', metric: 0.5, rows: 7 }] }] });
  const data = [{ path: '/data/Sales 2026.csv', digest: 'abc' }];
  const dataset = { type: 'sales-2026.csv', name: 'Sales 2026.csv', revision: 'abc' };
  expect(matterOf(renderCard(known({ version: measured, making: making({ data }) }), {}, { ...NO_LABELS, license: 'mit', tags: ['money'] }))).toEqual({
    license: 'mit',
    library_name: 'sklearn',
    pipeline_tag: 'tabular-classification',
    tags: ['mlflow', 'slipway', 'sklearn', 'money'],
    model_name: 'fraud',
    'model-index': [
      {
        name: 'fraud',
        results: [
          { task: { type: 'tabular-classification' }, dataset, metrics: [{ type: 'accuracy', name: 'accuracy', value: 0.9 }] },
          { task: { type: 'tabular-classification' }, dataset: { ...dataset, name: 'Sales 2026.csv (country: DE)', config: 'country=DE', args: { country: 'DE' } }, metrics: [{ type: 'accuracy', name: 'accuracy', value: 0.5 }] }
        ]
      }
    ]
  });
  expect(matterOf(renderCard(known({ version: version({ name: 'a: [b' }) }), {}, NO_LABELS))).toEqual({ tags: ['mlflow', 'slipway'], model_name: 'a: [b' });
});

test.each([
  [{ 'test/f1_score': 1 }, 'tabular-classification'],
  [{ val_rmse: 1 }, 'tabular-regression'],
  [{ mean_absolute_error: 1 }, 'tabular-regression'],
  [{ loss: 1, marge: 2 }, null]
])('%j is measured of %s', (metrics, task) => {
  expect(guessTask({ metrics, slices: [] })).toBe(task);
});

test('a table that nobody reads to its end says how much more there is', () => {
  const params = Object.fromEntries(Array.from({ length: 205 }, (_, i) => [`p${i}`, '1']));
  expect(renderGenerated(known({ making: making({ params }) }))).toContain('| … and 5 more |  |');
});
