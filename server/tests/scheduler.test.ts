import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '../src/core/log';
import { cancelledOutcome, createJobLogs, createScheduler, failedOutcome, type Executor, type JobOutcome, type NewJob, type Scheduler } from '../src/scheduler';
import { asAdmin, createTestDatabase } from './test-database';

// The executor is scripted here, for what is tested is when and how often it is
// called; steps in real kernels are run in pipelines.test.ts.
jest.setTimeout(60_000); // a loaded machine is slow, not wrong

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let root: string;
const started: Scheduler[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  root = await mkdtemp(join(tmpdir(), 'slipway-scheduler-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map(s => s.stop()));
  await database.db.deleteFrom('job').execute();
  await database.db.deleteFrom('node').execute();
});
afterAll(async () => {
  await database.drop();
  await rm(root, { recursive: true });
});

const done: JobOutcome = { status: 'succeeded', result: null };
const newJob = (over: Partial<NewJob> = {}): NewJob => ({
  id: randomUUID(),
  kind: 'test',
  label: 'a job',
  priority: 0,
  maxRetries: 0,
  gpus: 0,
  attempt: 0,
  logKey: randomUUID(),
  spec: {
    kernelName: 'python3', folder: '/tmp', cells: [], inputs: [], inputFiles: [], outputs: [], models: [], env: {},
    limits: { memoryBytes: 1, cpus: 1, timeoutMs: 60_000, logBytes: 1_000 }
  },
  ...over
});

/** A scheduler of the home with the executor; what ended is in `ends`. */
async function scheduler(run: Executor['run'], home = 'home', cpus = 2) {
  const ends: { id: string; attempt: number; outcome: JobOutcome }[] = [];
  const logs = createJobLogs(root);
  const made = createScheduler({ ...database, databaseUrl: database.url, log: silentLog, home, capacity: { cpus, memoryBytes: 1_000, scratchBytes: 0, gpus: [] }, executor: { run }, logs });
  made.handle('test', {
    async finished(job, outcome, settle) {
      await database.db.transaction().execute(settle);
      ends.push({ id: job.id, attempt: job.attempt, outcome });
    }
  });
  await made.start();
  started.push(made);
  const submit = (...jobs: NewJob[]): Promise<void> => database.db.transaction().execute(tx => made.submit(tx, jobs));
  return { made, ends, logs, submit };
}

async function until(test: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(10)) {
    if (await test()) {
      return;
    }
  }
  throw new Error('it did not come about in time');
}

const stateOf = async (id: string) => (await database.db.selectFrom('job').select('state').where('id', '=', id).executeTakeFirst())?.state;

test('every job of two schedulers on one queue runs exactly once, and never more at a time than there are slots', async () => {
  let now = 0;
  let most = 0;
  const runs: string[] = [];
  const run: Executor['run'] = async job => {
    most = Math.max(most, ++now);
    runs.push(job.id);
    await sleep(3);
    now -= 1;
    return done;
  };
  const one = await scheduler(run, 'one', 2);
  const two = await scheduler(run, 'two', 3);
  const jobs = Array.from({ length: 60 }, () => newJob());
  await one.submit(...jobs);
  await until(() => one.ends.length + two.ends.length === 60);
  expect(runs.sort()).toEqual(jobs.map(j => j.id).sort());
  expect(most).toBeLessThanOrEqual(5);
  expect(one.made.capacity().cpus.used).toBe(0);
});

test('higher priority goes first; a waiting job says why it waits', async () => {
  const order: string[] = [];
  let open: () => void = () => undefined;
  const opened = new Promise<void>(resolve => (open = resolve));
  const { submit, made, ends } = await scheduler(async job => {
    order.push(job.id);
    await opened;
    return done;
  }, 'home', 1);
  const [first, low, high] = [newJob(), newJob(), newJob({ priority: 5 })];
  await submit(first);
  await until(() => order.length === 1);
  await submit(low, high);
  expect((await made.pendingReasons([low.id])).get(low.id)).toBe('Waits for 1 CPU: 0 of 1 free.');
  open();
  await until(() => ends.length === 3);
  expect(order).toEqual([first.id, high.id, low.id]);
});

test('a cause that may be tried again is, after a pause; any other is not', async () => {
  const attempts = new Map<string, number[]>();
  const { submit, ends } = await scheduler(async job => {
    attempts.set(job.id, [...(attempts.get(job.id) ?? []), job.attempt]);
    return job.id === shaky.id && job.attempt === 2 ? done : failedOutcome('kernel_died', 'gone', job.id === shaky.id);
  });
  const [shaky, wrong] = [newJob({ maxRetries: 2 }), newJob({ maxRetries: 2 })];
  await submit(shaky, wrong);
  await until(() => ends.length === 2);
  expect(attempts).toEqual(new Map([[shaky.id, [1, 2]], [wrong.id, [1]]]));
  expect(ends.map(e => [e.id, e.outcome.status])).toEqual([[wrong.id, 'failed'], [shaky.id, 'succeeded']]);
});

test('cancel ends a queued job at once and a running one by its signal', async () => {
  const { submit, made, ends } = await scheduler(
    (_job, { signal }) => new Promise(resolve => signal.addEventListener('abort', () => resolve(cancelledOutcome()))),
    'home',
    1
  );
  const [running, queued] = [newJob(), newJob()];
  await submit(running);
  await until(async () => (await stateOf(running.id)) === 'running');
  await submit(queued);
  const result = await database.db.transaction().execute(tx => made.cancel(tx, [running.id, queued.id]));
  expect(result).toEqual({ cancelled: [queued.id], stopping: [running.id] });
  await until(() => ends.length === 1);
  expect(await stateOf(running.id)).toBe('cancelled');
});

test('a daemon that starts on a dead one’s home takes its jobs over at once, as a new attempt', async () => {
  const id = randomUUID();
  await insertRunning(id, randomUUID(), 'crashed', new Date(Date.now() + 60_000));
  const { ends } = await scheduler(async () => done, 'crashed');
  await until(() => ends.length === 1);
  expect(ends[0]).toMatchObject({ id, attempt: 2 });
  const row = await database.db.selectFrom('job').select(['retries', 'losses']).where('id', '=', id).executeTakeFirstOrThrow();
  expect(row).toEqual({ retries: 0, losses: 1 });
});

test('a live lease of another home is left alone, a dead one is taken over', async () => {
  const [alive, dead] = [randomUUID(), randomUUID()];
  await insertRunning(alive, randomUUID(), 'elsewhere', new Date(Date.now() + 60_000));
  await insertRunning(dead, randomUUID(), 'nowhere', new Date(Date.now() - 1_000));
  const { ends } = await scheduler(async () => done);
  await until(() => ends.length === 1);
  expect(ends.map(e => e.id)).toEqual([dead]);
  expect(await stateOf(alive)).toBe('running');
});

test('what an attempt found out after it lost its lease does not count', async () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>(resolve => (open = resolve));
  const { submit, ends } = await scheduler(async job => {
    if (job.attempt === 1) {
      await opened;
    }
    return done;
  }, 'slow', 1);
  const job = newJob();
  await submit(job);
  await until(async () => (await stateOf(job.id)) === 'running');
  const other = randomUUID();
  await database.db.updateTable('job').set({ worker_id: other, attempt: 2 }).where('id', '=', job.id).execute();
  open();
  await sleep(200);
  expect(ends).toEqual([]);
  expect(await stateOf(job.id)).toBe('running');
});

test('a stopped scheduler leaves its running jobs queued for the next one, not counted as lost', async () => {
  const first = await scheduler((_job, { signal }) => new Promise(resolve => signal.addEventListener('abort', () => resolve(cancelledOutcome()))));
  const job = newJob();
  await first.submit(job);
  await until(async () => (await stateOf(job.id)) === 'running');
  await first.made.stop();
  expect(await stateOf(job.id)).toBe('queued');
  const second = await scheduler(async () => done);
  await until(() => second.ends.length === 1);
  expect(second.ends[0]).toMatchObject({ id: job.id, attempt: 2 });
});

test('jobs go on when PostgreSQL drops every connection in their midst', async () => {
  const { submit, ends } = await scheduler(async () => {
    await sleep(150);
    return done;
  });
  await submit(...Array.from({ length: 6 }, () => newJob()));
  for (let i = 0; i < 4; i++) {
    await sleep(80);
    await asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(database.url).pathname.slice(1)}'`);
  }
  await until(() => ends.length === 6);
  expect(new Set(ends.map(e => e.id)).size).toBe(6);
  expect(ends.map(e => e.outcome)).toEqual(ends.map(() => done));
});

test('a job asking for what the machine does not have fails with the reason', async () => {
  const { submit, ends } = await scheduler(async () => done);
  await submit(newJob({ gpus: 2 }));
  await until(() => ends.length === 1);
  expect(ends[0]!.outcome.error).toMatchObject({ code: 'not_feasible', message: 'It asks for 2 GPUs; this machine has none.' });
});

test('a log keeps its limit, says where it is cut, and is read in whole characters from any offset', async () => {
  const { submit, ends, logs } = await scheduler(async (_job, { onLog }) => {
    onLog('grüße\n');
    onLog('x'.repeat(2_000));
    return done;
  });
  const job = newJob();
  await submit(job);
  await until(() => ends.length === 1);
  const whole = await logs.read(job.logKey, 1, 0, 1_000);
  expect(whole).toMatchObject({ isCut: true, isAtEnd: true });
  expect(whole.text).toMatch(/^grüße\nx+\n\[slipway\] The log is cut here/);
  expect((await logs.read(job.logKey, 1, 8, 1_000)).text.startsWith('xxx')).toBe(true);
  expect(await logs.read('none', 1, 0, 1_000)).toMatchObject({ text: '', nextOffset: 0 });
});

async function insertRunning(id: string, workerId: string, home: string, leaseUntil: Date): Promise<void> {
  await database.db.insertInto('worker').values({ id: workerId, home: `${hostname()}:${home}` }).execute();
  const { spec } = newJob();
  await database.db
    .insertInto('job')
    .values({ id, kind: 'test', label: 'left over', state: 'running', attempt: 1, cpus: 1, memory_bytes: 1, spec: JSON.stringify(spec), log_key: id, worker_id: workerId, lease_until: leaseUntil, started_at: new Date() })
    .execute();
}

test('an end that cannot be stored in its own words is stored in ours: the job is over, and runs once', async () => {
  const { made, submit } = await scheduler(async () => failedOutcome('cell_failed', 'unspeakable'));
  const heard: string[] = [];
  made.handle('picky', {
    async finished(_job, outcome, settle) {
      heard.push(outcome.error!.code);
      await database.db.transaction().execute(async tx => {
        await settle(tx);
        if (outcome.error!.message === 'unspeakable') {
          throw new Error('it cannot be stored');
        }
      });
    }
  });
  const job = newJob({ kind: 'picky' });
  await submit(job);
  await until(async () => (await stateOf(job.id)) === 'failed');
  expect(heard).toEqual(['cell_failed', 'cell_failed', 'result_not_stored']);
  expect(await database.db.selectFrom('job').select(['attempt', 'error']).where('id', '=', job.id).executeTakeFirst()).toMatchObject({ attempt: 1, error: { code: 'result_not_stored' } });
});

test('a job that may take a month is not out of time at once', async () => {
  const { ends, submit } = await scheduler(async (_job, { signal }) => {
    await sleep(200, undefined, { signal }).catch(() => undefined);
    return signal.aborted ? cancelledOutcome() : done;
  });
  const { spec } = newJob();
  await submit(newJob({ spec: { ...spec, limits: { ...spec.limits, timeoutMs: 31 * 24 * 3_600_000 } } }));
  await until(() => ends.length === 1);
  expect(ends[0]!.outcome).toEqual(done);
});
