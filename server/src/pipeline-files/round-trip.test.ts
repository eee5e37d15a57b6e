import fc from 'fast-check';
import { PipelineOptions, ScheduleSpec, TriggerSpec } from '@slipway/schema';
import { CLASSIFIER, notebook } from '../../tests/notebook-fixtures';
import { draft, parseNotebook } from '../notebooks';
import { contentHash, type PipelineContent } from '../pipelines';
import { contentOf } from '../pipelines/content';
import { buildContent } from './build';
import { printFiles } from './print-files';
import { pullOver } from './pull';
import { readSources } from './read-sources';
import { wholeStarters, type KnownStarters } from './starters';

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

/** Some fields of a record, some left to their defaults. */
const someOf = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> => fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,12}$/);
const text = fc.oneof(fc.constantFrom('yes', '# no', '- a: b', '"', "it's", '0x1F', '1e3', '~', '', 'null', 'a\nb', ' x '), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }));
const params = someOf({ SEED: fc.integer(), TREES: fc.integer() });

const scheduleArb = fc
  .tuple(
    fc.oneof(fc.record({ cron: fc.constantFrom('0 3 * * *', '*/5 * * * 1-5', '@daily', '15 0 3 * * *') }), fc.record({ intervalMs: fc.integer({ min: 1_000, max: 1e9 }) })),
    someOf({
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
      startAt: fc.constant('2026-01-01T00:00:00Z'),
      endAt: fc.constant('2099-12-31T23:59:59.999Z'),
      catchUp: fc.constantFrom('none', 'latest', 'all'),
      maxCatchUp: fc.integer({ min: 1, max: 1_000 }),
      maxConcurrent: fc.integer({ min: 1, max: 100 }),
      overlap: fc.constantFrom('skip', 'queue', 'replace'),
      isPaused: fc.boolean()
    }),
    fc.oneof(someOf({ params }), fc.constant({ bindings: [{ param: 'SEED', from: 'dataIntervalStart', format: 'yyyyMMdd' }, { param: 'TREES', from: 'dataIntervalEnd', format: 'HH' }] }))
  )
  .map(parts => Object.assign({}, ...parts) as object);

const source = fc.oneof(
  fc.tuple(fc.record({ kind: fc.constant('files'), glob: text.map(t => `/data/${t}`) }), someOf({ settleMs: fc.nat(86_400_000) })),
  fc.tuple(fc.record({ kind: fc.constant('objects'), url: fc.constantFrom('s3://bucket/', 's3://bucket/a b/#c: d') }), someOf({ profile: fc.constant('team'), everyMs: fc.integer({ min: 5_000, max: 86_400_000 }) })),
  fc.tuple(fc.record({ kind: fc.constant('pipeline'), pipeline: name }), someOf({ on: fc.constantFrom('succeeded', 'failed', 'any') })),
  fc.tuple(fc.record({ kind: fc.constant('event'), type: text.filter(t => t !== '') }), someOf({ subject: text.filter(t => t !== '') })),
  fc.tuple(fc.record({ kind: fc.constant('dataset'), path: text.filter(t => t !== '') })),
  fc.tuple(fc.record({ kind: fc.constant('git'), repository: fc.constant('/srv/repo'), branch: fc.constantFrom('main', 'a/b', '1.0') })),
  fc.tuple(fc.record({ kind: fc.constant('webhook'), verify: fc.constantFrom('token', 'github', 'gitlab') }), someOf({ branch: fc.constant('main') })),
  fc.tuple(
    fc.record({ kind: fc.constant('query'), sql: text.map(t => `select '${t}'`) }),
    fc.constantFrom({ sqlite: '/data/x.db' }, { postgres: { secret: 'db' } }, { postgres: { environment: 'DB_URL' } }),
    someOf({ args: fc.array(fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).filter(d => !Object.is(d, -0)), fc.boolean(), fc.constant(null)), { maxLength: 3 }), everyMs: fc.integer({ min: 5_000, max: 86_400_000 }) })
  )
).map(parts => Object.assign({}, ...parts) as object);

const triggerArb = fc
  .tuple(
    fc.record({ when: fc.record({ any: fc.array(fc.record({ all: fc.array(source, { minLength: 1, maxLength: 3 }) }), { minLength: 1, maxLength: 3 }) }) }),
    someOf({ debounceMs: fc.nat(604_800_000), maxPerHour: fc.integer({ min: 1, max: 3_600 }), params, bindings: fc.constant([{ param: 'SEED', pointer: '/data/a~1b' }]), isPaused: fc.boolean() })
  )
  .map(parts => Object.assign({}, ...parts) as object);

const named = <S>(spec: fc.Arbitrary<object>, parse: (value: object) => S): fc.Arbitrary<S[]> => fc.dictionary(name, spec, { maxKeys: 3 }).map(all => Object.entries(all).map(([key, value]) => parse({ name: key, ...value })));
const startersArb = fc.record<KnownStarters>({ schedules: named(scheduleArb, v => ScheduleSpec.parse(v)), triggers: named(triggerArb, v => TriggerSpec.parse(v)) });

describe('what starts a pipeline', () => {
  const content = contentOfNotebook({ only: "import pandas as pd\nSEED = 1\nTREES = 2\npd.DataFrame({'x': [SEED, TREES]}).to_csv('x.csv')" });

  test('comes back from its file, whatever it is', () => {
    fc.assert(fc.property(startersArb, starters => expect(read(printed(starters))).toEqual(sorted(starters))), { numRuns: 25 });
  });

  test('is pulled over another’s file: what was said of both stays as it stood', () => {
    fc.assert(
      fc.property(startersArb, startersArb, fc.boolean(), (before, after, isShort) => {
        const file = isShort ? `${printed({ schedules: [], triggers: before.triggers })}schedule: {cron: 0 3 * * *, timeZone: UTC} # at night\n` : printed(before);
        const pulled = pullOver([{ path: 'churn.pipeline.yaml', text: printed(after) }], new Map([['churn.pipeline.yaml', `# Ours.\n${file}`]]))[0]!.text;
        expect(pulled).toMatch(/^# Ours\.\n/);
        expect(read(pulled)).toEqual(sorted(after));
        const again = pullOver([{ path: 'churn.pipeline.yaml', text: printed(after) }], new Map([['churn.pipeline.yaml', pulled]]))[0]!.text;
        expect(again).toBe(pulled);
      }),
      { numRuns: 15 }
    );
  });

  test('is written without what has a default', () => {
    const schedules = [ScheduleSpec.parse({ name: 'hourly', intervalMs: 3_600_000, overlap: 'queue' })];
    const triggers = [TriggerSpec.parse({ name: 'new data', when: { any: [{ all: [{ kind: 'files', glob: '/data/*.csv' }, { kind: 'pipeline', pipeline: 'load' }] }] }, debounceMs: 5_000 })];
    expect(printed({ schedules, triggers })).toContain(
      'schedules:\n  hourly:\n    intervalMs: 3600000\n    overlap: queue\ntriggers:\n  new data:\n    when:\n      any:\n        - all:\n            - kind: files\n              glob: /data/*.csv\n            - kind: pipeline\n              pipeline: load\n    debounceMs: 5000\n'
    );
  });

  const printed = (starters: KnownStarters): string => printFiles('churn', content, { folder: '/srv', starters }).files[0]!.text;
  const script = printFiles('churn', content, { folder: '/srv' }).files[1]!;
  const read = (text: string): KnownStarters => sorted(wholeStarters(buildContent(readSources('/srv', [{ path: 'churn.pipeline.yaml', text }, script])).starters));
  const byName = <S extends { name: string }>(specs: readonly S[]): S[] => [...specs].sort((a, b) => (a.name < b.name ? -1 : 1));
  const sorted = ({ schedules, triggers }: KnownStarters): KnownStarters => ({ schedules: byName(schedules), triggers: byName(triggers) });
});
