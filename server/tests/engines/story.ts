import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, PipelineRun, Proof, TrainingFinding } from '@slipway/schema';
import { notebook } from '../notebook-fixtures';
import { GANG_CELLS, GANG_GROUPING } from '../gang-cells';
import { until } from '../running-app';
import { engineDaemon, type EngineDaemon } from './daemon';
import { openDoor } from './door';

const PATIENCE_MS = 240_000;
/** The first step runs on the engine and reads a file beside the notebook; the second runs here on what it gave. */
const BOOK = notebook(
  {
    a: 'import os, time\nimport pandas as pd\nfrom sklearn.metrics import mean_absolute_error\nWAIT = 0.0\nMODE = "ok"',
    far: 'print("begun", os.environ.get("CUDA_VISIBLE_DEVICES"))\nif MODE == "fail":\n    raise ValueError("as asked")\nif MODE == "hog":\n    hog = b"x" * (3 * 2**30)\ntime.sleep(WAIT)\ntwo = pd.read_csv("two.csv").x.tolist()\nprint("ended")',
    near: 'mae = mean_absolute_error([0.0, 0.0], two)\nprint("mae", mae)'
  },
  { 'two.csv': 'x\n1.0\n2.0\n' }
);
/** A training that diverges in its sixtieth step, and would go on for an hour. */
const TRAINING = notebook({
  train: 'import time\nfrom sklearn.metrics import mean_absolute_error\nSTEPS = 3\nfor step in range(STEPS):\n    loss = mean_absolute_error([0.0], [1.0 / (step + 1) if step < 60 else 1e6])\n    time.sleep(0.1)'
});
/** How many items of a map ran at once, told by when each began and ended. */
const MAPPED = notebook({
  list: 'import time\nfrom sklearn.metrics import mean_absolute_error\nPAUSE = 0.0\nitems = list(range(6))\nitem = items[0]',
  work: 'begun = time.time()\ntime.sleep(PAUSE)\nspan = [begun, time.time(), item]',
  gather: 'spans = span if isinstance(span[0], list) else [span]\nmost = max(sum(a <= t <= b for a, b, _ in spans) for t, _, _ in spans) if PAUSE > 0 else 0\nparallel = mean_absolute_error([0.0], [float(most)])\nprint("parallel", parallel)'
});
const GROUPING = [{ name: 'far', cells: ['a', 'far'] }, { name: 'near', cells: ['near'] }];

/**
 * What every engine is held to: real steps, the daemon as its owner starts it,
 * and the engine behind a door that can be shut.
 */
export function engineStory(engine: {
  kind: Engine['kind'];
  /** Where it listens. */
  reach: () => Promise<string> | string;
  /** Its part of engines.yaml, reached by `url`. */
  configFor: (url: string) => Record<string, unknown>;
  /** What a step on one of its GPUs prints of it. */
  gpu: RegExp;
  takesGangs?: boolean;
  /** Of an engine of two nodes with two GPUs each: what it says itself of where a job was that had all of them. Elsewhere a job has at most one GPU. */
  wide?: { placeOf: (label: string) => Promise<unknown>; place: unknown };
}): void {
  jest.setTimeout(600_000);
  const gpus = engine.wide ? 4 : 1;
  let door: Awaited<ReturnType<typeof openDoor>>;
  let daemon: EngineDaemon;

  beforeAll(async () => {
    door = await openDoor(new URL(await engine.reach()));
    daemon = await engineDaemon({ kind: engine.kind, ...engine.configFor(door.url), limits: { cpus: 4, memory: '4GiB', gpus } });
    await daemon.start();
  });
  afterAll(async () => {
    await daemon.remove();
    await door.close();
  });

  async function prove(name: string, far: object): Promise<Proof> {
    const options = { steps: { far: { engine: 'cluster', resources: { memoryBytes: 2 ** 30 }, ...far } } };
    const { id } = await daemon.call('POST', '/proofs', { name, notebookPath: BOOK.path, notebook: BOOK.json, grouping: GROUPING, options });
    return until(async () => {
      const proof = (await daemon.call('GET', `/proofs/${id}`)) as Proof;
      return proof.status !== 'running' && (proof.status as string) !== 'queued' && proof;
    }, PATIENCE_MS);
  }

  async function save(name: string, book: ReturnType<typeof notebook>, more: object, options: object): Promise<void> {
    const { id } = await daemon.call('POST', '/proofs', { name, notebookPath: book.path, notebook: book.json, ...more });
    await until(async () => (await daemon.call('GET', `/proofs/${id}`)).status === 'same', PATIENCE_MS);
    await daemon.call('POST', '/pipelines', { proofId: id });
    await daemon.call('PUT', `/pipelines/${name}/options`, options);
  }

  async function start(name: string, params: object): Promise<string> {
    return (await daemon.call('POST', `/pipelines/${name}/runs`, { params, useCache: false })).runId;
  }
  const look = (runId: string): Promise<PipelineRun> => daemon.call('GET', `/pipeline-runs/${runId}`);
  const logOf = async (runId: string): Promise<string> => (await daemon.call('GET', `/pipeline-runs/${runId}/steps/far/log`)).text;
  const ended = (runId: string): Promise<PipelineRun> => until(async () => {
    const run = await look(runId);
    return ['succeeded', 'failed', 'cancelled'].includes(run.status) && run;
  }, PATIENCE_MS);
  const begun = (runId: string): Promise<string> => until(async () => {
    const text = await logOf(runId);
    return text.includes('begun') && text;
  }, PATIENCE_MS);
  const parcels = (): string[] => readdirSync(join(daemon.shared, 'jobs'));

  test('the engine is listed, and answers', async () => {
    const { items } = await daemon.call('GET', '/engines');
    expect(items).toMatchObject([{ name: 'cluster', kind: engine.kind, isAnswering: true, message: null, limits: { gpus } }]);
  });

  test('a pipeline is proved with a step on the engine, on a GPU of it: values, file, log and notebook come back', async () => {
    const proof = await prove('far', { resources: { memoryBytes: 2 ** 30, gpus: 1 } });
    expect(proof).toMatchObject({ status: 'same' });
    await daemon.call('POST', '/pipelines', { proofId: proof.id });
    const run = await ended(await start('far', {}));
    expect(run).toMatchObject({ status: 'succeeded', metrics: { mae: 1.5 } });
    expect(await logOf(run.runId)).toMatch(engine.gpu);
    const executed = await daemon.call('GET', `/pipeline-runs/${run.runId}/steps/far/notebook`);
    expect(JSON.stringify(executed)).toContain('ended');
    expect(parcels()).toEqual([]);
  });

  test('a cell that fails fails the step with its own words', async () => {
    const run = await ended(await start('far', { MODE: 'fail' }));
    expect(run.status).toBe('failed');
    expect(run.steps[0]).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'cell_failed', message: 'ValueError: as asked' } });
  });

  test('a step that takes more memory than it asked for is told so', async () => {
    const run = await ended(await start('far', { MODE: 'hog' }));
    expect(run.steps[0]).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'out_of_memory' } });
  });

  test('its log is followed while it runs, and a cancel ends it there', async () => {
    const runId = await start('far', { WAIT: 600.0 });
    expect(await begun(runId)).not.toContain('ended');
    await daemon.call('POST', `/pipeline-runs/${runId}/cancel`);
    const run = await ended(runId);
    expect(run.status).toBe('cancelled');
    expect((await daemon.call('GET', '/engines')).items).toMatchObject([{ running: 0 }]);
  });

  test('a daemon killed meanwhile takes the step up where it is: one attempt, one log, no second start', async () => {
    const runId = await start('far', { WAIT: 15.0 });
    await begun(runId);
    await daemon.kill();
    await daemon.start();
    const run = await ended(runId);
    expect(run).toMatchObject({ status: 'succeeded', metrics: { mae: 1.5 } });
    expect(run.steps[0]).toMatchObject({ name: 'far', attempts: 1 });
    expect((await logOf(runId)).match(/begun|ended/g)).toEqual(['begun', 'ended']);
  });

  test('a step that ended while the daemon was away is there when it is back', async () => {
    const runId = await start('far', { WAIT: 5.0 });
    await begun(runId);
    await daemon.stop();
    const parcel = join(daemon.shared, 'jobs', parcels()[0]!);
    await until(() => readdirSync(parcel).includes('outcome.json'), PATIENCE_MS);
    await daemon.start();
    const run = await ended(runId);
    expect(run).toMatchObject({ status: 'succeeded', metrics: { mae: 1.5 } });
    expect(run.steps[0]).toMatchObject({ attempts: 1 });
    expect((await logOf(runId)).match(/begun|ended/g)).toEqual(['begun', 'ended']);
  });

  test('an engine that does not answer is told of; its job keeps its state, and is handed over once it answers', async () => {
    door.shut();
    const runId = await start('far', {});
    const note = await until(async () => {
      const reason = (await look(runId)).steps[0]!.pendingReason;
      return reason?.includes('has not answered for') && reason;
    }, 60_000);
    expect(note).toMatch(/has not answered for \d+ s/);
    expect((await daemon.call('GET', '/engines')).items).toMatchObject([{ isAnswering: false }]);
    await sleep(3_000);
    expect((await look(runId)).steps[0]!.status).toBe('running');
    door.open();
    const run = await ended(runId);
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(run.steps[0]).toMatchObject({ attempts: 1 });
  });

  test('an engine that nobody named is refused when the pipeline is written, with the place', async () => {
    await expect(prove('lost', { engine: 'elsewhere' })).rejects.toThrow(/options\.steps\.far\.engine: There is no engine elsewhere: there are local, cluster\./);
  });

  test('what the engine could never run is refused when the pipeline is written, with the place', async () => {
    await expect(prove('much', { resources: { memoryBytes: 2 ** 30, gpus: gpus + 1 } })).rejects.toThrow(`options.steps.far.resources: It asks for ${gpus + 1} GPUs; a job on`);
  });

  test('a step that takes too long is stopped there', async () => {
    const proof = await prove('short', { timeoutMs: 60_000 });
    expect(proof).toMatchObject({ status: 'same' });
    await daemon.call('POST', '/pipelines', { proofId: proof.id });
    const run = await ended(await start('short', { WAIT: 600.0 }));
    expect(run.steps[0]).toMatchObject({ status: 'failed', error: { code: 'step_timeout' } });
  });

  test('a retry on the engine finds what the attempt before left in its checkpoint folder', async () => {
    const book = notebook({
      a: 'import os, pathlib\nfrom sklearn.metrics import mean_absolute_error\nFAILURES = 0',
      far: 'state = pathlib.Path(os.environ.get("SLIPWAY_CHECKPOINT_DIR", "/tmp")) / "tries.txt"\ntries = len(state.read_text()) if state.exists() else 0\nif tries < FAILURES:\n    state.write_text("x" * (tries + 1))\n    raise ConnectionError("the storage is away")',
      near: 'mae = mean_absolute_error([0.0], [float(tries)])\nprint("mae", mae)'
    });
    const options = { steps: { far: { engine: 'cluster', resources: { memoryBytes: 2 ** 30 }, retry: { maxRetries: 1, backoffMs: 100, onExceptions: ['ConnectionError'] } } } };
    const { id } = await daemon.call('POST', '/proofs', { name: 'kept', notebookPath: book.path, notebook: book.json, grouping: GROUPING, options });
    await until(async () => (await daemon.call('GET', `/proofs/${id}`)).status === 'same', PATIENCE_MS);
    await daemon.call('POST', '/pipelines', { proofId: id });
    const run = await ended(await start('kept', { FAILURES: 1 }));
    expect([run.status, run.steps[0]!.attempts, run.metrics.mae]).toEqual(['succeeded', 2, 1]);
    await until(() => !readdirSync(join(daemon.shared, 'checkpoints')).includes(run.runId)); // runs that may be retried keep theirs
  });

  test('what it measures is judged while it runs, also after the daemon was away, and its rule ends it there', async () => {
    const rules = [{ kind: 'vanishing', metric: 'loss', below: 0.2 }, { kind: 'exploding', metric: 'loss', action: 'stop' }];
    await save('training', TRAINING, { sinks: ['train'], grouping: [{ name: 'train', cells: ['train'] }] }, { steps: { train: { engine: 'cluster', resources: { memoryBytes: 2 ** 30 }, rules } } });
    const runId = await start('training', { STEPS: 36_000 });
    const found = async (): Promise<TrainingFinding[]> => (await daemon.call('GET', `/pipeline-runs/${runId}/findings`)).items;
    await until(async () => (await found()).length > 0, PATIENCE_MS);
    await daemon.kill();
    await daemon.start();
    const run = await ended(runId);
    expect(run.steps[0]).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'training_rule', message: expect.stringContaining('at step 60') } });
    expect((await found()).map(f => f.rule.kind)).toEqual(['vanishing', 'exploding']);
    await until(() => parcels().length === 0);
    expect((await daemon.call('GET', '/engines')).items).toMatchObject([{ running: 0 }]);
  });

  test('of a map no more items are on the engine at once than it may have', async () => {
    const grouping = ['list', 'work', 'gather'].map(name => ({ name, cells: [name] }));
    await save('mapped', MAPPED, { sinks: ['gather'], grouping }, { steps: { work: { engine: 'cluster', resources: { cpus: 1, memoryBytes: 2 ** 29 }, map: { over: 'items', as: 'item', maxParallel: 2 } } } });
    const run = await ended(await start('mapped', { PAUSE: 6.0 }));
    expect([run.status, run.metrics, run.steps[1]]).toMatchObject(['succeeded', { parallel: 2 }, { kind: 'map', items: { total: 6, succeeded: 6, failed: 0 } }]);
  });

  test(engine.takesGangs ? 'ranks of a gang begin together on the engine and find one another; one that fails ends all' : 'a gang is refused with the reason', async () => {
    const saved = save('gang', notebook(GANG_CELLS), { sinks: ['score'], grouping: GANG_GROUPING }, { steps: { train: { engine: 'cluster', resources: { cpus: 1, memoryBytes: 2 ** 29, ranks: 2 } } } });
    if (!engine.takesGangs) {
      return expect(saved).rejects.toThrow(/options\.steps\.train\.resources: It is a gang of 2/);
    }
    await saved;
    const run = await ended(await start('gang', {}));
    expect([run.status, run.steps[0]!.error, run.metrics]).toEqual(['succeeded', undefined, { mae: 3 }]);
    const log = (await daemon.call('GET', `/pipeline-runs/${run.runId}/steps/train/log`)).text;
    expect([log.includes('[rank 0] rank 0 of 2'), log.includes('[rank 1] rank 1 of 2')]).toEqual([true, true]);
    const bad = await ended(await start('gang', { FAILING: 1 }));
    expect(bad.steps[0]).toMatchObject({ status: 'failed', error: { code: 'cell_failed', message: 'Rank 1 of 2: ValueError: this rank has had enough' } });
    await until(() => parcels().length === 0);
  });

  if (engine.wide) {
    const { placeOf, place } = engine.wide;
    test('ranks with GPUs have a node each, and together all of its GPUs', async () => {
      const cells = { ...GANG_CELLS, gather: `${GANG_CELLS.gather}\nprint("given", os.environ.get("CUDA_VISIBLE_DEVICES"))` };
      await save('wide', notebook(cells), { sinks: ['score'], grouping: GANG_GROUPING }, { steps: { train: { engine: 'cluster', resources: { cpus: 1, memoryBytes: 2 ** 29, ranks: 2, gpus: 2 } } } });
      const run = await ended(await start('wide', {}));
      expect([run.status, run.steps[0]!.error, run.metrics]).toEqual(['succeeded', undefined, { mae: 3 }]);
      const log: string = (await daemon.call('GET', `/pipeline-runs/${run.runId}/steps/train/log`)).text;
      const given = [...log.matchAll(/\[rank \d\] given (\S+)/g)].map(([, ids]) => ids!.split(','));
      expect(given).toEqual([['0', '1'], ['0', '1']]); // of each its own node's
      expect(await placeOf('wide / train')).toEqual(place);
    });
  }
}
