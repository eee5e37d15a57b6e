import fc from 'fast-check';
import { PipelineOptions } from '@slipway/schema';
import { CLASSIFIER, notebook } from '../../tests/notebook-fixtures';
import { draft, parseNotebook } from '../notebooks';
import { contentHash, type PipelineContent } from '../pipelines';
import { contentOf } from '../pipelines/content';
import { buildContent } from './build';
import { printFiles } from './print-files';
import { pullOver } from './pull';
import { readSources } from './read-sources';

function contentOfNotebook(cells: Record<string, string>, spec: { params?: string[]; paramValues?: Record<string, number | string>; options?: PipelineOptions } = {}): PipelineContent {
  const { json, path } = notebook(cells);
  return contentOf({ draft: draft(parseNotebook(json)), spec, notebookPath: path, kernelName: 'python3', modules: [], options: spec.options });
}

/** As the database gives it back: keys in an order of its own. */
const stored = (content: PipelineContent): PipelineContent =>
  JSON.parse(JSON.stringify(content, (_k, v: unknown) => (v !== null && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))) : v))) as PipelineContent;

function again(content: PipelineContent, folder = '/srv/repository/pipelines'): PipelineContent {
  return buildContent(readSources(folder, printFiles('churn', stored(content), { folder }).files)).content;
}

const OPTIONS = PipelineOptions.parse({
  steps: { train_model: { resources: { gpus: 1, memoryBytes: 2 ** 33 }, retry: { maxRetries: 5 }, when: 'params.SEED > 1', secrets: { TOKEN: { secret: 'hub' } } } },
  humanSteps: [{ name: 'look at it', after: ['train_model'], before: ['evaluate'], instructions: 'Look\nat: it' }],
  maxActiveRuns: 1
});

test('a notebook’s pipeline comes back from its files with the same hash', () => {
  const plain = contentOfNotebook(CLASSIFIER);
  expect(again(plain)).toEqual(plain);
  expect(contentHash(again(plain))).toBe(contentHash(plain));
  const rich = contentOfNotebook(CLASSIFIER, { params: ['SEED'], paramValues: { TREES: 9, SEED: 7 }, options: OPTIONS });
  expect(contentHash(again(rich))).toBe(contentHash(rich));
  expect(contentHash(again(again(rich)))).toBe(contentHash(rich));
});

test('whatever the cells look like, they come back to the letter', () => {
  const line = fc.constantFrom('x = 1', '', '# %% [a] no header', '%matplotlib inline', '    ', 'y = """', '# %%', "s = '{\"blank\": [1, 2]}'", 'z = 1.0', 'print("é\u2028")', '!ls');
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 5 }), { minLength: 1, maxLength: 4 }), cells => {
      const plain = contentOfNotebook(CLASSIFIER);
      const extra = cells.map((lines, i) => ({ id: `extra ${i}]`, source: lines.join('\n') }));
      const content = { ...plain, cells: [...plain.cells, ...extra], steps: [...plain.steps, { name: 'more "steps": #1', cells: extra.map(c => c.id), inputs: [], outputs: [], after: ['train_model'] }] };
      const made = again(content);
      expect(made.cells).toEqual(content.cells);
      expect(made.steps).toEqual(content.steps);
    }),
    { numRuns: 60 }
  );
});

test('what has a default is not written, and what a person wrote stays', () => {
  const content = contentOfNotebook(CLASSIFIER, { options: PipelineOptions.parse({ steps: { train_model: { resources: { gpus: 1 } } } }) });
  const { files } = printFiles('churn', content, { folder: '/srv' });
  const [yaml, script] = files as [{ path: string; text: string }, { path: string; text: string }];
  expect([yaml.path, script.path]).toEqual(['churn.pipeline.yaml', 'churn.py']);
  expect(yaml.text).toContain('resources:\n      gpus: 1\n');
  expect(yaml.text).not.toMatch(/memoryBytes|priority|humanSteps|kernel|null/);
  const edited = new Map([
    [yaml.path, `# Owned by the data team.\n${yaml.text.replace('gpus: 1', 'gpus: 4 # the big one')}`],
    [script.path, `# Reviewed.\n\n${script.text.replace('# %% [train] train_model', '# %% [train] Grow the forest')}`]
  ]);
  const pulled = pullOver(files, edited);
  expect(pulled[0]!.text).toBe(`# Owned by the data team.\n${yaml.text.replace('gpus: 1', 'gpus: 1 # the big one')}`);
  expect(pulled[1]!.text).toBe(edited.get(script.path));
});
