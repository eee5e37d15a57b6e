import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../src/core/log';
import { createEvents } from '../src/events';
import { cancelledOutcome, createJobLogs, createScheduler, createSchedulerControl, NO_ENGINES, type Executor, type Engines, type JobOutcome, type NewJob, type Scheduler } from '../src/scheduler';
import { startApp, until, type RunningApp } from './running-app';
import { createTestDatabase } from './test-database';

// The executor is scripted here, for what is tested is what the scheduler
// decides and tells; steps in real kernels are run in pipelines.test.ts.
jest.setTimeout(120_000);

const GIB = 2 ** 30;
const HOUR = 3_600_000;
const done: JobOutcome = { status: 'succeeded', result: null };

const newJob = (over: Partial<NewJob> = {}): NewJob => ({
  ...{ id: randomUUID(), kind: 'test', label: 'a job', priority: 0, maxRetries: 0, gpus: 0, attempt: 0, logKey: randomUUID() },
  spec: {
    ...{ kernelName: 'python3', folder: '/tmp', cells: [], inputs: [], inputFiles: [], outputs: [], models: [], env: {} },
    limits: { memoryBytes: GIB, cpus: 1, timeoutMs: HOUR, logBytes: 1_000 }
  },
  ...over
});

describe('a scheduler and its control', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let root: string;
  const started: Scheduler[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    root = await mkdtemp(join(tmpdir(), 'slipway-cluster-'));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map(s => s.stop()));
    for (const table of ['job', 'node', 'project_quota', 'reservation', 'licence', 'scheduling_change', 'job_history', 'project_usage', 'policy_settings'] as const) {
      await database.db.deleteFrom(table).execute();
    }
  });
  afterAll(async () => {
    await database.drop();
    await rm(root, { recursive: true });
  });

  async function scheduler(run: Executor['run'], gpus = 2, home = 'home', engines = NO_ENGINES, environment: NodeJS.ProcessEnv = process.env) {
    const ends: { id: string; outcome: JobOutcome }[] = [];
    const devices = Array.from({ length: gpus }, (_, i) => ({ id: `GPU-${home}${i}`, type: 'A100', memoryBytes: 40 * GIB, migProfile: null }));
    const capacity = { cpus: 8, memoryBytes: 64 * GIB, scratchBytes: GIB, gpus: devices };
    const made = createScheduler({ ...database, databaseUrl: database.url, log: silentLog, home, capacity, executor: { run }, engines, logs: createJobLogs(root), environment });
    made.handle('test', {
      async finished(job, outcome, settle) {
        await database.db.transaction().execute(settle);
        ends.push({ id: job.id, outcome });
      }
    });
    await made.start();
    started.push(made);
    const events = createEvents({ db: database.db, databaseUrl: database.url, log: silentLog });
    const control = { ...createSchedulerControl({ db: database.db, events, queue: made.queue }), listEngines: made.listEngines };
    const submit = async (...jobs: NewJob[]): Promise<void> => {
      await database.db.transaction().execute(tx => made.submit(tx, jobs));
      made.wake();
    };
    return { control, ends, submit };
  }

  const untilAborted: Executor['run'] = (_job, { signal }) => new Promise(resolve => signal.addEventListener('abort', () => resolve(cancelledOutcome())));
  const isRunning = async (id: string) => (await database.db.selectFrom('job').select('state').where('id', '=', id).executeTakeFirst())?.state === 'running';

  test('the map shows who holds which GPU, a share of one included, and the job is given their UUIDs', async () => {
    const given: string[][] = [];
    const { control, submit } = await scheduler((job, observer) => (given.push(job.gpus), untilAborted(job, observer)));
    const [whole, half] = [newJob({ label: 'train', gpus: 1, project: 'vision' }), newJob({ label: 'probe', resources: { gpus: 0.5 } })];
    await submit(whole, half);
    await until(async () => (await isRunning(whole.id)) && (await isRunning(half.id)));
    const { nodes, projects } = await control.cluster();
    const holders = nodes[0]!.devices.flatMap(d => d.holders.map(h => [h.label, h.share]));
    expect(holders.sort()).toEqual([['probe', 0.5], ['train', 1]]);
    expect(nodes[0]!.cpus).toEqual({ total: 8, used: 2 });
    expect(projects.find(p => p.project === 'vision')).toMatchObject({ running: 1, used: { gpus: 1 } });
    expect(given.map(g => g.length)).toEqual([1, 1]);
    expect(new Set(given.flat()).size).toBe(2);
  });

  test('a quota holds, a waiting job says so with its position and when it is expected, and a person may end it', async () => {
    const { control, ends, submit } = await scheduler(untilAborted);
    await control.settings.setQuota('small', { guaranteed: {}, limit: { gpus: 1 }, weight: 1 }, 'ada');
    const [first, second, third] = ['one', 'two', 'three'].map(label => newJob({ label, gpus: 1, project: 'small' })) as [NewJob, NewJob, NewJob];
    await submit(first);
    await until(() => isRunning(first.id));
    await submit(second, third);
    const waiting = await until(async () => {
      const job = await control.jobs.get(second.id);
      return job.position !== null && job;
    });
    expect(waiting.pendingReason).toBe('Waits for its project’s quota: 1 GPU at once.');
    expect(Date.parse(waiting.expectedStartAt!)).toBeGreaterThan(Date.now() + 0.9 * HOUR);
    await control.jobs.edit(third.id, { priority: 5 }, 'ada');
    expect((await control.jobs.get(third.id)).position).toBe(1);
    expect((await control.jobs.get(second.id)).position).toBe(2);
    await control.jobs.cancel(second.id, 'ada');
    await until(() => ends.length === 1);
    expect(ends[0]).toMatchObject({ id: second.id, outcome: { status: 'cancelled' } });
    await expect(control.jobs.cancel(second.id, 'ada')).rejects.toMatchObject({ code: 'job_is_over' });
    const { items } = await control.settings.changes({ limit: 10 });
    expect(items.map(i => [i.person, i.action])).toEqual([['ada', 'job.cancelled'], ['ada', 'job.priority'], ['ada', 'quota.set']]);
  });

  test('a drained node and a reserved GPU get nothing from others; what fits elsewhere goes there', async () => {
    const { control, submit } = await scheduler(untilAborted);
    const [node] = (await control.cluster()).nodes;
    const window = { from: new Date(Date.now() - 1_000).toISOString(), until: new Date(Date.now() + HOUR).toISOString() };
    const { id } = await control.settings.reserve({ project: 'vision', nodeIds: [node!.id], deviceIds: ['GPU-home0'], ...window }, 'ada');
    const [both, one] = [newJob({ gpus: 2 }), newJob({ gpus: 1 })];
    await submit(both, one);
    await until(() => isRunning(one.id));
    expect((await control.jobs.get(one.id)).deviceIds).toEqual(['GPU-home1']);
    await control.settings.editNode(node!.id, { isDrained: true }, 'ada');
    const late = newJob();
    await submit(late);
    expect((await control.jobs.get(late.id)).pendingReason).toBe('Waits for nodes that are reserved for another project, or drained.');
    await control.settings.editNode(node!.id, { isDrained: false }, 'ada');
    await control.settings.removeReservation(id, 'ada');
    await until(() => isRunning(late.id));
  });

  test('who borrowed makes room for the owner: warned by SIGUSR1, stopped when it wrote its checkpoint, and back in the queue', async () => {
    const file = join(root, 'checkpoint');
    const script = `trap 'echo saved > ${file}; exit 0' USR1; touch ${file}.ready; while :; do sleep 0.05; done`;
    const run: Executor['run'] = (job, { signal, onStarted }) => {
      if (job.id !== borrower.id || job.attempt > 1) {
        return job.id === owner.id ? Promise.resolve(done) : untilAborted(job, { signal } as never);
      }
      const child = spawn('bash', ['-c', script]);
      onStarted(child.pid!);
      signal.addEventListener('abort', () => child.kill('SIGKILL'));
      return new Promise(resolve => child.once('exit', () => resolve({ ...cancelledOutcome(), status: 'failed' })));
    };
    const borrower = newJob({ label: 'borrower', gpus: 2, isPreemptible: true, project: 'b' });
    const owner = newJob({ label: 'owner', gpus: 1, project: 'a' });
    const { control, ends, submit } = await scheduler(run);
    await control.settings.setQuota('a', { guaranteed: { gpus: 2 }, limit: null, weight: 1 }, 'ada');
    await submit(borrower);
    await until(async () => (await database.db.selectFrom('job').select('pid').where('id', '=', borrower.id).executeTakeFirst())?.pid ?? undefined);
    await until(() => existsSync(`${file}.ready`));
    await submit(owner);
    await until(async () => (await control.jobs.get(owner.id)).pendingReason !== null);
    expect(await isRunning(borrower.id)).toBe(true); // it has its minimum run time
    await database.db.updateTable('job').set({ started_at: new Date(Date.now() - HOUR / 2) }).where('id', '=', borrower.id).execute();
    await until(() => ends.some(e => e.id === owner.id));
    expect(await readFile(file, 'utf8')).toBe('saved\n');
    await until(() => isRunning(borrower.id));
    expect(await control.jobs.get(borrower.id)).toMatchObject({ attempt: 2, preemptions: 1, makesRoomFor: null });
  });

  test('who is to make room does so after the run time and the grace that the owner of the cluster set', async () => {
    const script = "trap ':' USR1; touch " + join(root, 'deaf') + '; while :; do sleep 0.05; done'; // warned, it goes on
    const run: Executor['run'] = (job, { signal, onStarted }) => {
      if (job.id !== borrower.id || job.attempt > 1) {
        return untilAborted(job, { signal } as never);
      }
      const child = spawn('bash', ['-c', script]);
      onStarted(child.pid!);
      signal.addEventListener('abort', () => child.kill('SIGKILL'));
      return new Promise(resolve => child.once('exit', () => resolve(cancelledOutcome())));
    };
    const borrower = newJob({ gpus: 2, isPreemptible: true, project: 'b' });
    const owner = newJob({ gpus: 1, project: 'a' });
    const { control, submit } = await scheduler(run);
    await control.settings.setQuota('a', { guaranteed: { gpus: 2 }, limit: null, weight: 1 }, 'ada');
    await control.settings.setPolicy({ ...(await control.settings.policy()), minRunMs: 0, graceMs: 1_500 }, 'ada');
    await submit(borrower);
    await until(() => existsSync(join(root, 'deaf')));
    const askedAt = Date.now();
    await submit(owner);
    await until(() => isRunning(owner.id), 20_000); // without these settings: in ten minutes and a half
    expect(Date.now() - askedAt).toBeGreaterThanOrEqual(1_500);
  });

  test('what the last runs took gives the next one its expected length, and advice', async () => {
    const peak = 310 * 2 ** 20;
    const { control, ends, submit } = await scheduler(async () => ({ status: 'succeeded', result: { durationMs: 60_000, peakMemoryBytes: peak } as JobOutcome['result'] }));
    await submit(...Array.from({ length: 6 }, () => newJob({ label: 'churn / train' })));
    await until(() => ends.length === 6);
    await until(async () => (await control.jobs.advice()).items.length === 1); // written soon after the end, not with it
    expect((await control.jobs.advice()).items).toEqual([expect.objectContaining({ label: 'churn / train', text: 'Asked for 1 GiB, never used more than 310 MiB in 6 runs: ask for 512 MiB.' })]);
    const next = newJob({ label: 'churn / train' });
    await submit(next);
    const row = await database.db.selectFrom('job').select('estimate_ms').where('id', '=', next.id).executeTakeFirstOrThrow();
    expect(Number(row.estimate_ms)).toBe(90_000);
    await until(() => ends.length === 7);
  });

  /** An engine with four GPUs and `places` for jobs of ours, whose jobs end when they are told to. */
  function engine(places: number) {
    const running = new Map<string, () => void>();
    const run: Executor['run'] = (job, { signal, letGo }) =>
      new Promise(resolve => {
        running.set(job.id, () => resolve(done));
        [signal, letGo].forEach(s => s.addEventListener('abort', () => resolve(cancelledOutcome())));
      });
    const engines: Engines = {
      ...NO_ENGINES,
      names: ['slurm'],
      size: { cpus: 8, memoryBytes: 64 * GIB, gpus: 4 },
      executorOf: () => ({ run, outlivesDaemon: true }),
      roomOn: (_name, count) => places - count,
      pendingReason: (_job, heldBack) => heldBack ?? 'Waits for a place.',
      list: async () => [{ name: 'slurm', kind: 'slurm', address: 'here', isAnswering: true, message: null, lastAnswerAt: null, limits: { cpus: 8, memoryBytes: 64 * GIB, gpus: 4, maxJobs: places } }]
    };
    return { engines, finish: (id: string) => running.get(id)!() };
  }

  test('what an engine runs counts in its project’s quota with what the nodes run, and jobs for it wait for the quota too', async () => {
    const { engines, finish } = engine(10);
    const { control, submit } = await scheduler(untilAborted, 2, 'home', engines);
    await control.settings.setQuota('p', { guaranteed: {}, limit: { gpus: 2 }, weight: 1 }, 'ada');
    const away = newJob({ gpus: 2, project: 'p', engine: 'slurm' });
    await submit(away);
    await until(() => isRunning(away.id));
    expect((await control.cluster()).projects).toEqual([expect.objectContaining({ project: 'p', used: { cpus: 1, memoryBytes: GIB, gpus: 2 } })]);
    const [here, next, others] = [newJob({ gpus: 1, project: 'p' }), newJob({ gpus: 1, project: 'p', engine: 'slurm' }), newJob({ gpus: 1, project: 'q', engine: 'slurm' })];
    await submit(here, next, others);
    await until(() => isRunning(others.id));
    for (const waiting of [here, next]) {
      expect(await control.jobs.get(waiting.id)).toMatchObject({ state: 'queued', pendingReason: 'Waits for its project’s quota: 2 GPUs at once.' });
    }
    expect((await control.listEngines()).items).toMatchObject([{ name: 'slurm', running: 2, waiting: 1, held: { cpus: 2, memoryBytes: 2 * GIB, gpus: 3 } }]);
    finish(away.id);
    await until(async () => (await isRunning(here.id)) && (await isRunning(next.id)));
  });

  test('an engine’s next place goes to the project that used less, and what it ran counts as used', async () => {
    const { engines, finish } = engine(1);
    const { control, submit } = await scheduler(untilAborted, 2, 'home', engines);
    const first = newJob({ gpus: 2, project: 'greedy', engine: 'slurm' });
    await submit(first);
    await until(() => isRunning(first.id));
    await database.db.updateTable('job').set({ started_at: new Date(Date.now() - HOUR) }).where('id', '=', first.id).execute();
    const again = newJob({ gpus: 2, project: 'greedy', engine: 'slurm', priority: 3 });
    await submit(again);
    const modest = newJob({ gpus: 2, project: 'modest', engine: 'slurm' });
    await submit(modest);
    finish(first.id);
    await until(() => isRunning(modest.id));
    expect((await control.jobs.get(again.id)).state).toBe('queued');
    const greedy = (await control.cluster()).projects.find(p => p.project === 'greedy');
    expect(greedy?.usageHours).toBeCloseTo(2 / 6, 2); // two of six GPUs, four of them the engine's, for an hour
    finish(modest.id);
    await until(() => isRunning(again.id));
  });

  test('a licence is held by jobs of nodes and of engines alike, and more than there are is refused', async () => {
    const { engines, finish } = engine(10);
    const { control, ends, submit } = await scheduler(untilAborted, 2, 'home', engines);
    await control.settings.setLicence('solver', 2, 'ada');
    const solving = (ranks: number, where: string | null): NewJob => newJob({ resources: { licences: { solver: 1 }, ranks }, engine: where });
    const [away, tooMany] = [solving(2, 'slurm'), solving(3, 'slurm')];
    await submit(away, tooMany);
    await until(async () => (await isRunning(away.id)) && ends.length === 1);
    expect(ends[0]).toMatchObject({ id: tooMany.id, outcome: { status: 'failed', error: { code: 'not_feasible', message: 'It asks for 3 licences of solver; there are only 2.' } } });
    expect((await control.cluster()).licences).toEqual([{ name: 'solver', total: 2, used: 2 }]);
    const waiting = [solving(1, null), solving(1, 'slurm')];
    await submit(...waiting);
    for (const { id } of waiting) {
      expect(await control.jobs.get(id)).toMatchObject({ state: 'queued', pendingReason: 'Waits for a licence of solver: 0 of 2 free.' });
    }
    finish(away.id);
    await until(async () => (await isRunning(waiting[0]!.id)) && (await isRunning(waiting[1]!.id)));
  });

  test('two daemons share one quota, and each gives out its own node', async () => {
    const one = await scheduler(untilAborted, 2, 'one');
    const two = await scheduler(untilAborted, 2, 'two');
    await one.control.settings.setQuota('p', { guaranteed: {}, limit: { gpus: 3 }, weight: 1 }, 'ada');
    const jobs = Array.from({ length: 6 }, () => newJob({ gpus: 1, project: 'p' }));
    await two.submit(...jobs);
    await until(async () => (await one.control.jobs.list({ state: 'running', limit: 10 })).items.length === 3);
    const { items } = await one.control.jobs.list({ limit: 10 });
    expect(items.filter(j => j.state === 'running')).toHaveLength(3);
    expect(new Set(items.flatMap(j => j.deviceIds)).size).toBe(3);
  });

  test('how busy the GPUs of each node are is told by whichever daemon is asked', async () => {
    const driver = async (uuid: string, told: string): Promise<NodeJS.ProcessEnv> => {
      const folder = await mkdtemp(join(root, 'driver-'));
      await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\necho "${uuid}, ${told}, 40960"\n`, { mode: 0o755 });
      return { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    };
    const one = await scheduler(untilAborted, 1, 'one', NO_ENGINES, await driver('GPU-one0', '37, 1024'));
    await scheduler(untilAborted, 1, 'two', NO_ENGINES, await driver('GPU-two0', '88, 2048'));
    const busy = await until(async () => {
      const devices = (await one.control.cluster()).nodes.flatMap(n => n.devices);
      return devices.every(d => d.utilisationPercent !== null) && devices.map(d => [d.id, d.utilisationPercent, d.usedMemoryBytes! / GIB]);
    });
    expect(busy.sort()).toEqual([['GPU-one0', 37, 1], ['GPU-two0', 88, 2]]);
  });

  test('of a thousand that wait those that start next come first, each is on one page, and filters count', async () => {
    const { control, submit } = await scheduler(untilAborted);
    const blocker = newJob({ gpus: 2 });
    await submit(blocker);
    await until(() => isRunning(blocker.id));
    const crowd = Array.from({ length: 998 }, (_, i) => newJob({ label: `crowd ${i}`, gpus: 1, project: i % 2 === 0 ? 'even' : 'odd', createdBy: i < 10 ? 'ada' : 'bob' }));
    await submit(...crowd);
    const urgent = [newJob({ label: 'urgent', gpus: 1, priority: 900, project: 'even' }), newJob({ label: 'elsewhere', gpus: 1, priority: 900, project: 'odd' })];
    await submit(...urgent);
    const first = await control.jobs.list({ state: 'queued', limit: 200 });
    expect(first.total).toBe(1_000);
    expect(first.items.slice(0, 2).map(j => j.label).sort()).toEqual(['elsewhere', 'urgent']);
    const places = first.items.flatMap(j => j.position ?? []);
    expect(places).toEqual(places.map((_, i) => i + 1));
    expect(places.length).toBeGreaterThan(100);
    const seen = [...first.items];
    for (let cursor = first.nextCursor; cursor !== undefined; ) {
      const page = await control.jobs.list({ state: 'queued', limit: 200, cursor });
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect([seen.length, new Set(seen.map(j => j.id)).size]).toEqual([1_000, 1_000]);
    const small = await control.jobs.list({ state: 'queued', project: 'odd', createdBy: 'ada', limit: 3 });
    expect(small).toMatchObject({ total: 5, items: [{ project: 'odd', createdBy: 'ada' }, {}, {}] });
    const rest = await control.jobs.list({ state: 'queued', project: 'odd', createdBy: 'ada', limit: 3, cursor: small.nextCursor! });
    expect([rest.items.length, rest.nextCursor, new Set([...small.items, ...rest.items].map(j => j.id)).size]).toEqual([2, undefined, 5]);
  });

  test('a gang that two daemons have room for together and neither alone ends as not feasible; one that fits a node starts there', async () => {
    const one = await scheduler(untilAborted, 2, 'one');
    const two = await scheduler(untilAborted, 2, 'two');
    const saved = (ranks: number) => started[0]!.checkResources({ train: { engine: 'local', resources: { gpus: 1, ranks }, isPreemptible: false } });
    await expect(saved(4)).rejects.toMatchObject({ code: 'impossible_resources', message: expect.stringContaining('Its 4 ranks start together on one node') });
    await saved(2);
    const gang = (ranks: number): NewJob => newJob({ gpus: 1, resources: { gpus: 1, ranks } });
    const [wide, narrow] = [gang(4), gang(2)];
    await two.submit(wide, narrow);
    const end = await until(() => [...one.ends, ...two.ends].find(e => e.id === wide.id));
    expect(end.outcome).toMatchObject({ status: 'failed', error: { code: 'not_feasible', message: 'Its 4 ranks start together on one node, and no one node has room for all of them.', isRetryable: false } });
    expect(await one.control.jobs.get(wide.id)).toMatchObject({ state: 'failed', nodes: [], attempt: 1 });
    await until(() => isRunning(narrow.id));
    const begun = await one.control.jobs.get(narrow.id);
    expect([begun.nodes.length, begun.deviceIds.length]).toEqual([1, 2]);
  });

  const lastSeen = (at: Date, id?: string): Promise<unknown> => database.db.updateTable('node').set({ seen_at: at }).$if(id !== undefined, qb => qb.where('id', '=', id!)).execute();

  test('a daemon that was silent for minutes, its machine asleep, runs what is queued when it wakes, though its node was removed meanwhile', async () => {
    const { control, ends, submit } = await scheduler(async () => done);
    const [node] = (await control.cluster()).nodes;
    await lastSeen(new Date(Date.now() - 120_000));
    const first = newJob({ gpus: 2 });
    await submit(first);
    expect((await until(() => ends.find(e => e.id === first.id))).outcome).toEqual(done);
    await lastSeen(new Date(Date.now() - 120_000));
    await control.settings.removeNode(node!.id, 'ada');
    const second = newJob({ gpus: 2 });
    await submit(second);
    expect((await until(() => ends.find(e => e.id === second.id))).outcome).toEqual(done);
    expect((await control.cluster()).nodes).toEqual([expect.objectContaining({ id: node!.id, awaySince: null })]);
  });

  test('what only a stopped daemon’s node can run waits for it by name, starts when it is back, and fails once the node is removed', async () => {
    const small = await scheduler(untilAborted, 0, 'small');
    await scheduler(untilAborted, 2, 'large');
    const [job, gang] = [newJob({ gpus: 2 }), newJob({ gpus: 1, resources: { gpus: 1, ranks: 2 } })];
    await small.submit(job);
    await until(() => isRunning(job.id));
    await started.pop()!.stop(); // back in the queue
    await small.submit(gang);
    const away = (await small.control.cluster()).nodes.find(n => n.awaySince !== null)!;
    for (const { id } of [job, gang]) {
      expect(await small.control.jobs.get(id)).toMatchObject({ state: 'queued', pendingReason: expect.stringMatching(new RegExp(`^Waits for ${away.name}, not seen since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC\\.$`)) });
    }
    const again = await scheduler(untilAborted, 2, 'large');
    await until(() => isRunning(job.id));
    expect((await again.control.cluster()).nodes.map(n => n.awaySince)).toEqual([null, null]);
    await expect(again.control.settings.removeNode(away.id, 'ada')).rejects.toMatchObject({ code: 'node_is_here' });
    await started.pop()!.stop();
    await small.control.settings.removeNode(away.id, 'ada');
    const ended = await until(() => (small.ends.length === 2 ? small.ends : undefined));
    expect(ended.map(e => e.outcome.error?.code)).toEqual(['not_feasible', 'not_feasible']);
    await expect(small.control.settings.removeNode(away.id, 'ada')).rejects.toMatchObject({ code: 'no_such_node' });
  });

  test('a node that was away for more than a week is waited for no more', async () => {
    const { ends, submit } = await scheduler(untilAborted, 0, 'small');
    await scheduler(untilAborted, 2, 'large');
    await started.pop()!.stop();
    await lastSeen(new Date(Date.now() - 8 * 24 * HOUR), (await database.db.selectFrom('node').select('id').orderBy('seen_at').executeTakeFirstOrThrow()).id);
    const job = newJob({ gpus: 2 });
    await submit(job);
    expect((await until(() => ends[0])).outcome.error?.code).toBe('not_feasible');
  });
});

/** Queues jobs that the app's own node does not start: it is drained. */
async function queueAt({ database }: RunningApp, jobs: NewJob[]): Promise<void> {
  const capacity = { cpus: 1, memoryBytes: GIB, scratchBytes: GIB, gpus: [] };
  const other = createScheduler({ ...database, databaseUrl: database.url, log: silentLog, home: 'elsewhere', capacity, executor: { run: () => Promise.resolve(done) }, logs: createJobLogs(tmpdir()) });
  await database.db.transaction().execute(tx => other.submit(tx, jobs));
}

describe('over HTTP', () => {
  let app: RunningApp;
  beforeAll(async () => (app = await startApp()));
  afterAll(() => app.stop());

  test('a thousand jobs wait: the pages hold each once, the most urgent first; what ended is told newest first beside them', async () => {
    const node = (await app.call('GET', '/cluster')).body.nodes[0];
    await app.call('PUT', `/cluster/nodes/${node.id}`, { isDrained: true });
    await queueAt(app, Array.from({ length: 1_000 }, (_, i) => newJob({ label: `job ${i}`, priority: i % 500 === 7 ? 900 : 0 })));
    const { body: first } = await app.call('GET', '/jobs?state=queued&limit=500');
    expect([first.total, first.items.length]).toEqual([1_000, 500]);
    expect(first.items.slice(0, 2).map((j: { label: string }) => j.label).sort()).toEqual(['job 507', 'job 7']);
    const { body: second } = await app.call('GET', `/jobs?state=queued&limit=500&cursor=${first.nextCursor}`);
    expect(new Set([...first.items, ...second.items].map(j => j.id)).size).toBe(1_000);
    expect(second.nextCursor).toBeUndefined();
    const ended: string[] = [];
    for (const { id } of [first.items[400], second.items[499], first.items[100]]) {
      await app.database.db.updateTable('job').set({ state: 'cancelled', ended_at: new Date(Date.now() + ended.length * 1_000) }).where('id', '=', id).execute();
      ended.unshift(id);
    }
    const { body: lately } = await app.call('GET', '/jobs?state=ended&limit=2');
    const { body: before } = await app.call('GET', `/jobs?state=ended&limit=2&cursor=${lately.nextCursor}`);
    expect([...lately.items, ...before.items].map(j => j.id)).toEqual(ended);
    expect(before.nextCursor).toBeUndefined();
    await app.database.db.deleteFrom('job').execute();
    await app.call('PUT', `/cluster/nodes/${node.id}`, { isDrained: false });
  });

  test('quotas, licences and reservations are made and taken away, and bad ones refused with the place named', async () => {
    const { body: cluster } = await app.call('GET', '/cluster');
    expect(cluster.nodes).toHaveLength(1);
    expect((await app.call('PUT', '/cluster/quotas/vision', { guaranteed: { gpus: 2 }, limit: { gpus: 1 } })).body).toMatchObject({ code: 'invalid_input', errors: [{ path: 'limit' }] });
    expect((await app.call('PUT', '/cluster/quotas/vision', { guaranteed: { gpus: 2 } })).status).toBe(200);
    expect((await app.call('PUT', '/cluster/licences/solver', { total: 3 })).status).toBe(200);
    const window = { from: '2030-01-01T00:00:00.000Z', until: '2030-01-02T00:00:00.000Z' };
    expect((await app.call('POST', '/cluster/reservations', { project: 'vision', nodeIds: ['nowhere'], ...window })).body).toMatchObject({ status: 400, code: 'no_such_node' });
    const over = { from: '2020-01-01T00:00:00.000Z', until: '2020-01-02T00:00:00.000Z' };
    expect((await app.call('POST', '/cluster/reservations', { project: 'vision', nodeIds: [cluster.nodes[0].id], ...over })).body).toMatchObject({ status: 400, code: 'reservation_is_over', errors: [{ path: 'until' }] });
    const reserved = await app.call('POST', '/cluster/reservations', { project: 'vision', nodeIds: [cluster.nodes[0].id], ...window });
    expect(reserved.status).toBe(201);
    const { body: now } = await app.call('GET', '/cluster');
    expect(now).toMatchObject({ licences: [{ name: 'solver', total: 3, used: 0 }], projects: [{ project: 'vision', isBorrowing: false }], reservations: [{ project: 'vision', createdBy: 'owner' }] });
    expect((await app.call('DELETE', `/cluster/reservations/${reserved.body.id}`)).status).toBe(200);
    const defaults = { halfLifeMs: 7 * 24 * HOUR, minRunMs: 600_000, graceMs: 30_000 };
    expect((await app.call('GET', '/cluster/policy')).body).toEqual(defaults);
    expect((await app.call('PUT', '/cluster/policy', { graceMs: 300_000 })).status).toBe(200);
    expect((await app.call('GET', '/cluster/policy')).body).toEqual({ ...defaults, graceMs: 300_000 });
    expect((await app.call('PUT', '/cluster/policy', { halfLifeMs: 0 })).body).toMatchObject({ status: 400, errors: [{ path: 'halfLifeMs' }] });
    expect((await app.call('GET', '/cluster/changes')).body.items[0]).toMatchObject({ action: 'policy.set', subject: 'cluster', person: 'owner', detail: { graceMs: 300_000 } });
    expect((await app.call('DELETE', `/cluster/nodes/${cluster.nodes[0].id}`)).body).toMatchObject({ status: 409, code: 'node_is_here' });
    expect((await app.call('DELETE', '/cluster/nodes/nowhere')).body).toMatchObject({ status: 404, code: 'no_such_node' });
    expect((await app.call('DELETE', '/cluster/quotas/vision')).status).toBe(200);
    expect((await app.call('DELETE', '/cluster/quotas/vision')).body).toMatchObject({ status: 404, code: 'no_such_quota' });
    expect((await app.call('GET', '/jobs?state=queued&cursor=nonsense')).body).toMatchObject({ status: 400, code: 'invalid_cursor' });
    expect((await app.call('GET', '/jobs?state=ended&cursor=12')).body).toMatchObject({ status: 400, code: 'invalid_cursor' });
    expect((await app.call('GET', '/jobs/none')).body).toMatchObject({ status: 400, code: 'invalid_job_id' });
    expect((await app.call('GET', `/jobs/${randomUUID()}`)).body).toMatchObject({ status: 404, code: 'no_such_job' });
  });
});
