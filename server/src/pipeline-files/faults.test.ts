import { buildContent } from './build';
import { PipelineFileInvalid } from './problems';
import { readSources } from './read-sources';

const SCRIPT = '# %% [load]\nframe = [1]\n\n# %% [train]\nmodel = sum(frame)\n\n# %% [spare]\nprint(1)\n';
const HEAD = 'slipway: 1\nname: churn\nsteps:\n';

function build(yaml: string, script = SCRIPT) {
  return buildContent(readSources('/srv', [{ path: 'churn.pipeline.yaml', text: yaml }, { path: 'churn.py', text: script }]));
}

/** The places and messages with which a file is refused. */
function faults(yaml: string, script?: string): string[] {
  try {
    build(yaml, script);
  } catch (error) {
    if (error instanceof PipelineFileInvalid) {
      return error.errors!.map(e => `${e.path} ${e.message}`);
    }
    throw error;
  }
  throw new Error('It was taken.');
}

test('what a step takes and comes after is read from its cells', () => {
  const { content, warnings } = build(`${HEAD}  load: {}\n  train: {}\n`);
  expect(content.steps).toEqual([
    { name: 'load', cells: ['load'], inputs: [], outputs: ['frame'], after: [] },
    { name: 'train', cells: ['train'], inputs: ['frame'], outputs: [], after: ['load'] }
  ]);
  expect(warnings).toEqual(['churn.py:7:1: No step runs the cell spare: it is left out.']);
});

test.each([
  ['an unknown step', '  load: {after: [lod]}\n', /:4:18 There is no step lod; there are: load/],
  ['a cycle', '  load: {after: [train]}\n  train: {after: [load]}\n', /:4:17 These steps wait for each other: load → train → load/],
  ['an unknown cell', '  load: {cells: [load, lode]}\n', /:4:24 churn.py has no cell lode; there are: load, train, spare/],
  ['a cell of no name', '  loader: {}\n', /:4:3 churn.py has no cell loader/],
  ['an unknown field', '  load: {retires: 3}\n', /:4:10 There is no field `retires` in steps.load/],
  ['an input nobody gives', '  load: {outputs: []}\n  train: {after: [load], inputs: [frame]}\n', /:5:35 No step before train gives frame/],
  ['an input of a step not before', '  load: {}\n  train: {after: [], inputs: [frame]}\n', /:5:31 No step before train gives frame; load would/],
  ['a type mismatch', '  load: {outputs: {frame: dataframe}}\n  train: {inputs: {frame: number}}\n', /:5:27 train takes frame as number, but load gives it as dataframe/],
  ['an impossible resource', '  load: {resources: {gpus: 1.5}}\n', /:4:28 .*Whole GPUs/],
  ['an unknown param', '  load: {}\nparams: [SEED]\n', /:5:10 There is no constant SEED/],
  ['a bad cron', '  load: {}\nschedule: {cron: 61 * * * *, timeZone: UTC}\n', /:5:18 .*61 \* \* \* \*/],
  ['a schedule of no timing', '  load: {}\nschedules: {nightly: {timeZone: UTC}}\n', /:5:22 Give either `cron` or `intervalMs`/],
  ['a schedule of two timings', '  load: {}\nschedules: {nightly: {cron: 0 3 * * *, intervalMs: 5000}}\n', /:5:29 Give either/],
  ['a bad cron among several', '  load: {}\nschedules:\n  a: {cron: 0 3 * * *}\n  b: {cron: 0 3 30 2 *}\n', /:7:13 .*never comes/],
  ['a time zone of no place', '  load: {}\nschedules: {a: {intervalMs: 5000, timeZone: Mars/Base}}\n', /:5:45 There is no time zone Mars/],
  ['an end before the beginning', '  load: {}\nschedules: {a: {cron: 0 3 * * *, startAt: 2026-02-01T00:00:00Z, endAt: 2026-01-01T00:00:00Z}}\n', /:5:72 It ends .* before it begins/],
  ['an unknown policy', '  load: {}\nschedules: {a: {cron: 0 3 * * *, overlap: pile}}\n', /:5:43 schedules.a.overlap: /],
  ['a value for no param', '  load: {}\nschedules: {a: {cron: 0 3 * * *, params: {SEED: 1}}}\n', /:5:42 There is no param SEED/],
  ['a binding of no param', '  load: {}\nschedules: {a: {cron: 0 3 * * *, bindings: [{param: DAY, from: dataIntervalEnd}]}}\n', /:5:53 The pipeline has no param DAY/],
  ['a schedule without a name', '  load: {}\nschedules: {"": {cron: 0 3 * * *}}\n', /:5:13 .*A name has letters/],
  ['a name written within', '  load: {}\nschedules: {a: {name: b, cron: 0 3 * * *}}\n', /:5:17 There is no field `name`/],
  ['both forms of a schedule', '  load: {}\nschedule: {cron: 0 3 * * *, timeZone: UTC}\nschedules: {}\n', /:5:1 `schedule` is the schedule named `default`/],
  ['a trigger of an unknown kind', '  load: {}\ntriggers: {t: {when: {any: [{all: [{kind: moon}]}]}}}\n', /:5:43 triggers.t.when.any.0.all.0.kind: /],
  ['a trigger that waits for nothing', '  load: {}\ntriggers: {t: {when: {any: []}}}\n', /:5:28 triggers.t.when.any: /],
  ['a relative path of a trigger', '  load: {}\ntriggers: {t: {when: {any: [{all: [{kind: files, glob: data/*}]}]}}}\n', /:5:56 .*absolute/],
  ['an unknown field of a source', '  load: {}\ntriggers: {t: {when: {any: [{all: [{kind: git, repository: /r, branch: main, tag: v1}]}]}}}\n', /:5:78 There is no field `tag`/],
  ['a trigger’s binding of no param', '  load: {}\ntriggers: {t: {when: {any: [{all: [{kind: event, type: x}]}]}, bindings: [{param: DAY, pointer: /a}]}}\n', /:5:83 The pipeline has no param DAY/],
  ['a bad condition', '  load: {}\n  train: {when: "metrics.x >"}\n', /:5:17 /],
  ['an unknown step of a person', '  load: {}\nhumanSteps: [{name: ok, after: [lo], before: [load]}]\n', /:5:33 There is no step lo/]
])('%s is refused where it stands', (_name, steps, wanted) => {
  expect(faults(HEAD + steps).join('\n')).toMatch(wanted);
});

test('a fault of the script is told with its line', () => {
  expect(faults(`${HEAD}  load: {}\n`, `${SCRIPT}# %% [load]\nx = 1\n`)).toEqual(['churn.py:9:1 The cell id load is taken by the cell at line 1.']);
});

test.each([
  ['aliases', `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n`, /Aliases are not read/],
  ['tags', `slipway: !!js/function "x"\n`, /:1:10 Tags have no meaning here/],
  ['keys of the prototype', `${HEAD}  __proto__: {}\n`, /:4:3 `__proto__` cannot be a name/],
  ['a key twice', `${HEAD}  load: {}\n  load: {}\n`, /:5:3 The key load is there twice/],
  ['a key that is a list', `? [a]\n: b\n`, /A key is plain text/],
  ['more than a pipeline', 'a: b\n'.repeat(60_000), /characters/],
  ['a million marks', '[],'.repeat(30_000), /more than a pipeline ever does/],
  ['brackets without end', '['.repeat(5_000), /deeper/],
  ['lists in lists', '- '.repeat(2_000), /deeper/],
  ['several documents', `slipway: 1\n---\nname: b\n`, /./],
  ['nothing', '', /name: /],
  ['no mapping', 'just text', /expected object/],
  ['bytes', '\u0000\u0001\ufffe', /./]
])('hostile or broken YAML is refused without harm: %s', (_name, text, wanted) => {
  const before = performance.now();
  expect(faults(text).join('\n')).toMatch(wanted);
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
