import fc from 'fast-check';
import { PipelineOptions, type PipelineFileEdits } from '@slipway/schema';
import { draftFiles } from './draft-files';
import { PipelineFileInvalid } from './problems';

const SCRIPT = '# %% [load]\nROWS = 4\nframe = [ROWS]\n\n# %% [clean]\nSEED = 1\nrows = frame + [SEED]\n\n# %% [train]\nmodel = sum(rows)\n\n# %% [report]\nprint(model)\n';
// Spaced as no printer would.
const YAML = `# Owned by the data team.
slipway: 1
name:   churn   # the name


steps:
  load: {outputs: [frame]}   # from the lake
  clean:
    retry: {maxRetries: 2,   on: [any]}
  train:
    timeoutMs: 60000    # plenty
    priority: 0
  report: { after: [train] }
notifications:
- on: [failed]
  to: {webhook: 'https://example.com/hook'}
schedules:
  nightly: {cron: 0 3 * * *}
`;
const edit = (edits: PipelineFileEdits, text = YAML) => draftFiles({ folder: '/srv', files: [{ path: 'churn.pipeline.yaml', text }, { path: 'churn.py', text: SCRIPT }], edits });
const optionsWith = (change: (options: PipelineOptions) => void): PipelineOptions => {
  const options = structuredClone(edit({}).options);
  change(options);
  return options;
};

test('a file without an edit, or with what it says already, stays to the letter', () => {
  const { text, draft, params, options, starters } = edit({});
  expect(text).toBe(YAML);
  expect(draft.steps.map(s => [s.name, s.after])).toEqual([['load', []], ['clean', ['load']], ['train', ['clean']], ['report', ['train']]]);
  expect([params, starters.schedules.map(s => s.name)]).toEqual([['ROWS', 'SEED'], ['nightly']]);
  const grouping = draft.steps.map(({ name, cells }) => ({ name, cells }));
  expect(edit({ options, grouping, params }).text).toBe(YAML);
});

test('only the lines of what was changed are others', () => {
  expect(edit({ options: optionsWith(o => (o.steps.train!.timeoutMs = 90_000)) }).text).toBe(YAML.replace('60000    # plenty', '90000 # plenty'));
  expect(edit({ options: optionsWith(o => delete o.steps.clean!.retry) }).text).toBe(YAML.replace('  clean:\n    retry: {maxRetries: 2,   on: [any]}\n', '  clean: {}\n'));
  expect(edit({ options: optionsWith(o => (o.maxActiveRuns = 1)), params: ['ROWS'] }).text).toBe(`${YAML}maxActiveRuns: 1\nparams:\n- ROWS\n`);
  expect(edit({ options: optionsWith(o => (o.steps.report = { when: 'params.ROWS > 1.0' })) }).text).toBe(YAML.replace('report: { after: [train] }', 'report: { after: [ train ], when: params.ROWS > 1.0 }'));
});

test('steps cut anew keep what was said of those that stay, and run in their order', () => {
  const merged = edit({ grouping: [{ name: 'prepare', cells: ['load', 'clean'] }, { name: 'train', cells: ['train'] }, { name: 'tell', cells: ['report'] }] });
  expect(merged.draft.steps).toMatchObject([{ name: 'prepare', outputs: ['rows'] }, { name: 'train', after: ['prepare'] }, { name: 'tell', cells: ['report'], after: ['train'] }]);
  expect(merged.text).toContain('  train:\n    timeoutMs: 60000    # plenty\n    priority: 0\n');
  expect(merged.text).toContain('- on: [failed]\n  to: {webhook: \'https://example.com/hook\'}\nschedules:\n  nightly: {cron: 0 3 * * *}\n');
  expect(edit({}, merged.text).draft.steps).toEqual(merged.draft.steps);
  expect(() => edit({ grouping: [{ name: 'all', cells: ['load', 'clean', 'train', 'lost'] }] })).toThrow(PipelineFileInvalid);
});

test('whatever options are set, the file says them, and says nothing else anew', () => {
  const step = fc.record({ timeoutMs: fc.integer({ min: 1, max: 1e6 }), priority: fc.integer({ min: -1000, max: 1000 }), pool: fc.constantFrom('a', 'b c'), isPreemptible: fc.boolean() }, { requiredKeys: [] });
  const options = fc.record({ steps: fc.record({ load: step, clean: step, train: step }, { requiredKeys: [] }), maxActiveRuns: fc.integer({ min: 1, max: 9 }), priority: fc.integer({ min: -9, max: 9 }) }, { requiredKeys: [] });
  fc.assert(
    fc.property(options, fc.boolean(), (given, isWindows) => {
      const wanted = PipelineOptions.parse(given);
      const before = isWindows ? YAML.replaceAll('\n', '\r\n') : YAML;
      const { text, options: now } = edit({ options: wanted }, before);
      const said = (all: PipelineOptions): object => ({ ...all, steps: Object.fromEntries(Object.entries(all.steps).filter(([, s]) => Object.keys(s).length > 0)) });
      expect(said(now)).toEqual(said(wanted));
      expect(edit({ options: wanted }, text).text).toBe(text);
      expect(text).toContain(isWindows ? '# from the lake\r\n' : '# from the lake\n');
    }),
    { numRuns: 20 }
  );
});

test('steps of whole notebooks get options, but are not cut', () => {
  const yaml = 'slipway: 1\nname: books\nsteps:\n  etl: {notebook: etl.ipynb, params: {ROWS: 5}}\n  report: {notebook: report.ipynb, after: [etl]}\n';
  const book = (id: string, source: string, tags: string[] = []) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [{ id, cell_type: 'code', source, metadata: { tags } }] });
  const files = [{ path: 'books.pipeline.yaml', text: yaml }, { path: 'etl.ipynb', text: book('p', 'ROWS = 2', ['parameters']) }, { path: 'report.ipynb', text: book('r', '%matplotlib inline\nprint(1)') }];
  const drafted = (edits: PipelineFileEdits) => draftFiles({ folder: '/srv', files, edits });
  expect(drafted({})).toMatchObject({ text: yaml, params: ['ROWS'], draft: { steps: [{ name: 'etl' }, { name: 'report', after: ['etl'] }] } });
  expect(drafted({ options: PipelineOptions.parse({ steps: { report: { priority: 3 } } }) }).text).toBe(yaml.replace('after: [etl]}', 'after: [etl], priority: 3}'));
  expect(() => drafted({ grouping: [{ name: 'all', cells: ['etl/p', 'report/r'] }] })).toThrow(expect.objectContaining({ code: 'steps_not_cells' }));
});
