import { GIB, HOUR, job, node, queueOf, running, runningMap, state } from './fixtures';
import { decide } from './round';
import { whyPending } from './why-pending';
import type { ClusterState } from './state';
import type { JobQueue } from './queue';

const started = (s: ClusterState, queue: JobQueue, now = 0): string[] => decide(s, queue, now).starts.map(d => d.jobId);
const devicesOf = (s: ClusterState, queue: JobQueue): string[][] => decide(s, queue, 0).starts.map(d => d.allocation.parts.flatMap(p => p.devices.map(x => x.id)));

describe('placement', () => {
  test('falls back through the models in the order they are named', () => {
    const s = state({ nodes: [node({ id: 'a', gpus: 2, type: 'A100' }), node({ id: 'h', gpus: 1, type: 'H100' })] });
    const wish = { gpus: 1, gpuTypes: ['H100', 'A100'] };
    expect(devicesOf(s, queueOf(job({ demand: wish }), job({ demand: wish }), job({ demand: wish })))).toEqual([['h-0'], ['a-0'], ['a-1']]);
  });

  test('takes spot nodes last, and for preemptible jobs only', () => {
    const s = state({ nodes: [node({ id: 's', isSpot: true }), node({ id: 'o', cpus: 1 })] });
    const nodes = (...jobs: Parameters<typeof queueOf>) => decide(s, queueOf(...jobs), 0).starts.map(d => d.allocation.parts[0]!.nodeId);
    expect(nodes(job({ isPreemptible: true }), job({ isPreemptible: true }))).toEqual(['o', 's']);
    expect(nodes(job(), job())).toEqual(['o']);
  });

  test('packs shares onto GPUs already begun, and gives a share of MIG slices to nobody', () => {
    const s = state({ nodes: [node({ gpus: 2 })] });
    const half = { gpus: 0.5 };
    expect(devicesOf(s, queueOf(job({ demand: half }), job({ demand: half }), job({ demand: half })))).toEqual([['n1-0'], ['n1-0'], ['n1-1']]);
    expect(decide(state({ nodes: [node({ gpus: 2, migProfile: '1g.10gb' })] }), queueOf(job({ demand: { ...half, migProfile: '1g.10gb' } })), 0).infeasible).toHaveLength(1);
  });

  test('keeps large gaps whole: the fullest node that will do', () => {
    const nodes = [node({ id: 'a', gpus: 8 }), node({ id: 'b', gpus: 8 })];
    const s = state({ nodes, running: runningMap(running(job({ demand: { gpus: 6 } }), [0, 1, 2, 3, 4, 5].map(i => `b-${i}`), { nodeId: 'b' })) });
    expect(devicesOf(s, queueOf(job({ demand: { gpus: 2 } }), job({ demand: { gpus: 8 }, submittedAt: 24 * HOUR })))[0]).toEqual(['b-6', 'b-7']);
  });

  test('starts all ranks of a gang or none', () => {
    const nodes = [node({ id: 'a', gpus: 2 }), node({ id: 'b', gpus: 2 })];
    expect(devicesOf(state({ nodes }), queueOf(job({ demand: { gpus: 1, ranks: 4 } })))[0]).toHaveLength(4);
    const busy = runningMap(running(job({ demand: { gpus: 1 } }), ['a-0'], { nodeId: 'a' }));
    expect(started(state({ nodes, running: busy }), queueOf(job({ demand: { gpus: 1, ranks: 4 } })))).toEqual([]);
  });

  test('counts licences over the whole cluster', () => {
    const demand = { licences: { matlab: 2 } };
    expect(started(state({ licences: { matlab: 3 } }), queueOf(job({ id: 'x', demand }), job({ id: 'y', demand })))).toEqual(['x']);
  });

  test('drained nodes get nothing, and a job that only they could run waits', () => {
    const s = state({ nodes: [node({ isDrained: true })] });
    const decisions = decide(s, queueOf(job()), 0);
    expect([decisions.starts, decisions.infeasible]).toEqual([[], []]);
  });
});

describe('nodes that are away', () => {
  const big = node({ id: 'big', cpus: 64, awaySince: Date.parse('2026-03-01T14:02:30Z') });

  test('get nothing, count for nothing, and a job that only one of them can run waits for it by name', () => {
    const s = state({ nodes: [node(), big] });
    const [wide, narrow] = [job({ demand: { cpus: 20 } }), job({ demand: { cpus: 2 } })];
    const { starts, infeasible, blocked } = decide(s, queueOf(wide, narrow), 0);
    expect([starts.map(d => [d.jobId, d.allocation.parts[0]!.nodeId]), infeasible, s.topology.total.cpus]).toEqual([[[narrow.id, 'n1']], [], 16]);
    expect([...blocked.values()].map(b => whyPending(b, wide.demand, false, s, id => id))).toEqual(['Waits for big, not seen since 2026-03-01 14:02 UTC.']);
  });

  test('what no node has, there or away, never starts; what those that are there could run waits for room, as if there were no others', () => {
    const s = state({ nodes: [node(), big], running: runningMap(running(job({ demand: { cpus: 16 } }))) });
    const [never, waits] = [job({ demand: { cpus: 65 } }), job({ demand: { cpus: 2 } })];
    const { infeasible, blocked } = decide(s, queueOf(never, waits), 0);
    expect(infeasible.map(i => i.jobIds)).toEqual([[never.id]]);
    expect([...blocked.values()].map(b => whyPending(b, waits.demand, false, s, id => id))).toEqual(['Waits for 2 CPUs: 0 of 16 free.']);
  });

  test('where it takes several of them, all are named', () => {
    const away = (id: string) => node({ id, gpus: 1, awaySince: Date.parse('2026-03-01T14:02:30Z') });
    const gang = job({ demand: { gpus: 1, ranks: 2 } });
    const s = state({ nodes: [away('a'), away('b')] });
    const [blocked] = decide(s, queueOf(gang), 0).blocked.values();
    expect(whyPending(blocked!, gang.demand, false, s, id => id)).toBe('Waits for a, not seen since 2026-03-01 14:02 UTC, and b, not seen since 2026-03-01 14:02 UTC.');
  });
});

describe('turns', () => {
  test('short ones first, then long ones, then middling ones, which fill the gaps; in the end whoever came first', () => {
    const s = state({ nodes: [node({ cpus: 1 })] });
    const short = job({ id: 'short', estimateMs: HOUR / 60, submittedAt: 2 * HOUR });
    const middling = job({ id: 'middling', estimateMs: 6 * HOUR });
    const long = job({ id: 'long', estimateMs: 20 * HOUR, submittedAt: HOUR });
    expect(started(s, queueOf(middling, long, short))).toEqual(['short']);
    expect(started(s, queueOf(middling, long))).toEqual(['long']);
    expect(started(s, queueOf(middling, { ...long, submittedAt: 48 * HOUR }, { ...short, submittedAt: 48 * HOUR }))).toEqual(['middling']);
    expect(started(s, queueOf(job({ id: 'endless', estimateMs: 9_000 * HOUR, submittedAt: 72 * HOUR }), middling))).toEqual(['middling']);
  });

  test('rank within a project: priority, length, time', () => {
    const s = state({ nodes: [node({ cpus: 1 })] });
    expect(started(s, queueOf(job({ id: 'low' }), job({ id: 'high', priority: 9 })))).toEqual(['high']);
    expect(started(s, queueOf(job({ id: 'long', estimateMs: 9 * HOUR }), job({ id: 'short', estimateMs: HOUR / 60 })))).toEqual(['short']);
    expect(started(s, queueOf(job({ id: 'new', submittedAt: 20 * HOUR }), job({ id: 'old', estimateMs: 2 * HOUR })))).toEqual(['old']);
  });

  test('between projects: who had less of the cluster, against its weight', () => {
    const usage = new Map([['a', { value: 3 * HOUR, at: 0 }], ['b', { value: 2 * HOUR, at: 0 }]]);
    const queue = queueOf(job({ id: 'a1', project: 'a' }), job({ id: 'b1', project: 'b', submittedAt: HOUR }));
    expect(started(state({ nodes: [node({ cpus: 1 })], usage }), queue)).toEqual(['b1']);
    const quotas = new Map([['a', { project: 'a', guaranteed: {}, limit: null, weight: 3 }]]);
    expect(started(state({ nodes: [node({ cpus: 1 })], usage, quotas }), queue)).toEqual(['a1']);
  });

  test('between projects: who waited much longer goes first whatever it had, and no priority of theirs counts', () => {
    const usage = new Map([['a', { value: 3 * HOUR, at: 0 }]]);
    const s = state({ nodes: [node({ cpus: 1 })], usage });
    expect(started(s, queueOf(job({ id: 'a1', project: 'a' }), job({ id: 'b1', project: 'b', submittedAt: 9 * HOUR })))).toEqual(['a1']);
    expect(started(s, queueOf(job({ id: 'a1', project: 'a', priority: 99 }), job({ id: 'b1', project: 'b', submittedAt: HOUR })))).toEqual(['b1']);
  });

  test('an array runs so many at once', () => {
    const array = { id: 'sweep', maxParallel: 2 };
    expect(started(state(), queueOf(...Array.from({ length: 5 }, () => job({ array }))))).toHaveLength(2);
  });
});

describe('backfill', () => {
  const busy = running(job({ demand: { cpus: 12 } }), [], { startedAt: 0 });
  const s = state({ running: runningMap(busy) });
  const wide = job({ id: 'wide', demand: { cpus: 16 }, submittedAt: -100 * HOUR });

  test('what ends before the room is needed goes ahead; what would be in the way does not', () => {
    expect(started(s, queueOf(wide, job({ id: 'quick', demand: { cpus: 4 }, estimateMs: HOUR / 2 })))).toEqual(['quick']);
    expect(started(s, queueOf(wide, job({ id: 'slow', demand: { cpus: 4 }, estimateMs: 2 * HOUR })))).toEqual([]);
  });

  test('what leaves the kept room alone goes ahead however long it takes', () => {
    const two = state({ nodes: [node({ id: 'n1' }), node({ id: 'n2', cpus: 4 })], running: runningMap(busy) });
    expect(started(two, queueOf(wide, job({ id: 'slow', demand: { cpus: 4 }, estimateMs: 2 * HOUR })))).toEqual(['slow']);
  });
});

describe('quotas', () => {
  const quota = (project: string, gpus: number, limit: number | null = null) => [project, { project, guaranteed: { gpus }, limit: limit === null ? null : { gpus: limit }, weight: 1 }] as const;
  const nodes = [node({ gpus: 4 })];
  const one = { gpus: 1 };

  test('idle quota is borrowed, up to the limit', () => {
    const s = state({ nodes, quotas: new Map([quota('a', 1, 3), quota('b', 3)]) });
    expect(started(s, queueOf(...Array.from({ length: 4 }, () => job({ project: 'a', demand: one }))))).toHaveLength(3);
  });

  const borrowed = (isPreemptible: boolean, startedAt = 0) => [0, 1, 2, 3].map(i => running(job({ id: `a${i}`, project: 'a', demand: one, isPreemptible }), [`n1-${i}`], { startedAt: startedAt + i }));
  const quotas = new Map([quota('a', 1), quota('b', 3)]);
  const claim = () => queueOf(job({ id: 'b1', project: 'b', demand: { gpus: 2 } }));

  test('what was borrowed is given back to its owner, the latest first and no more than needed', () => {
    const decisions = decide(state({ nodes, quotas, running: runningMap(...borrowed(true)) }), claim(), HOUR);
    expect(decisions.preempts.map(p => [p.jobId, p.reason]).sort()).toEqual([['a2', 'reclaim'], ['a3', 'reclaim']]);
    expect(decisions.keptFor.get('b1')).toBe(HOUR + 30_000);
  });

  test('nobody is preempted before the minimum run time, nor who is not preemptible, nor twice for the same room', () => {
    const preempts = (jobs: ReturnType<typeof borrowed>, now = HOUR) => decide(state({ nodes, quotas, running: runningMap(...jobs) }), claim(), now).preempts;
    expect(preempts(borrowed(true), 300_000)).toEqual([]);
    expect(preempts(borrowed(false))).toEqual([]);
    expect(preempts(borrowed(true).map((j, i) => (i < 2 ? { ...j, stoppingSince: HOUR } : j)))).toEqual([]);
  });

  test('what an engine runs counts against the guarantee and is never stopped: its end makes no room here', () => {
    const local = borrowed(true).slice(0, 2);
    const away = { ...running(job({ id: 'away', project: 'a', demand: { gpus: 3 }, isPreemptible: true }), []), allocation: { parts: [], licences: {} } };
    const s = state({ nodes: [node({ gpus: 2 })], quotas: new Map([quota('a', 3), quota('b', 2)]), running: runningMap(...local, away) });
    expect(decide(s, claim(), HOUR).preempts.map(p => p.jobId).sort()).toEqual(['a0', 'a1']);
    const within = state({ nodes: [node({ gpus: 2 })], quotas: new Map([quota('a', 3), quota('b', 2)]), running: runningMap(...local) });
    expect(decide(within, claim(), HOUR).preempts).toEqual([]);
  });

  test('a project within its guarantee keeps what it has', () => {
    const s = state({ nodes, quotas: new Map([quota('a', 4), quota('b', 3)]), running: runningMap(...borrowed(true)) });
    expect(decide(s, claim(), HOUR).preempts).toEqual([]);
  });

  test('priority preempts within a project, and preemptible is not the same as unimportant', () => {
    const s = state({ nodes, running: runningMap(...borrowed(true)) });
    expect(decide(s, queueOf(job({ project: 'a', demand: one, priority: 1 })), HOUR).preempts.map(p => p.jobId)).toEqual(['a3']);
    expect(decide(s, queueOf(job({ project: 'a', demand: one })), HOUR).preempts).toEqual([]);
    expect(decide(s, queueOf(job({ project: 'b', demand: one, priority: 1 })), HOUR).preempts).toEqual([]);
  });
});

describe('reservations', () => {
  const reservation = { id: 'r', project: 'a', from: HOUR, until: 3 * HOUR, nodeIds: ['n1'], deviceIds: [] };
  const s = state({ reservations: [reservation] });

  test('keep others off when they would run into the window, and let their project in', () => {
    expect(started(s, queueOf(job({ id: 'long', project: 'b', estimateMs: 2 * HOUR })))).toEqual([]);
    expect(started(s, queueOf(job({ id: 'short', project: 'b', estimateMs: HOUR / 2 })))).toEqual(['short']);
    expect(started(s, queueOf(job({ id: 'theirs', project: 'a', estimateMs: 2 * HOUR })), 2 * HOUR)).toEqual(['theirs']);
  });

  test('a preemptible job runs until the window begins', () => {
    expect(started(s, queueOf(job({ project: 'b', isPreemptible: true, estimateMs: 2 * HOUR })))).toHaveLength(1);
    const held = runningMap(running(job({ id: 'p', project: 'b', isPreemptible: true })));
    expect(decide({ ...s, running: held }, queueOf(), HOUR).preempts).toEqual([{ jobId: 'p', forJob: null, reason: 'reservation' }]);
  });
});

describe('why', () => {
  const why = (s: ClusterState, ...jobs: Parameters<typeof queueOf>): string[] => {
    const queue = queueOf(...jobs);
    const decisions = decide(s, queue, HOUR);
    return [...queue.lines.values()].map(line => {
      const blocked = decisions.blocked.get(line.key);
      return blocked ? whyPending(blocked, line.demand, line.isPreemptible, s, id => `job ${id}`) : (decisions.infeasible[0]?.reason ?? '');
    });
  };

  test('a job that waits is told what for', () => {
    const full = state({ nodes: [node({ cpus: 4, gpus: 1 })], running: runningMap(running(job({ demand: { cpus: 4, gpus: 1 } }), ['n1-0'])) });
    expect(why(full, job())).toEqual(['Waits for 1 CPU: 0 of 4 free.']);
    expect(why(full, job({ demand: { gpus: 1, gpuTypes: ['A100'] } }))).toEqual(['Waits for 1 GPU (A100): 0 of 1 free.']);
    const sliced = state({ nodes: [node({ gpus: 1 }), node({ id: 'm', gpus: 3, migProfile: '1g.10gb' })], running: full.running });
    expect(why(sliced, job({ demand: { gpus: 1 } }))).toEqual(['Waits for 1 GPU: 0 of 1 free.']);
  });

  test('a job that can never start is told why, and holds nobody up', () => {
    const s = state({ nodes: [node({ gpus: 2, cpus: 4 })] });
    expect(why(s, job({ demand: { gpus: 3 } }))).toEqual(['It asks for 3 GPUs; this machine has only 2.']);
    expect(why(s, job({ demand: { gpus: 1, gpuTypes: ['H100'] } }))).toEqual(['It asks for 1 GPU (H100); this machine has only A100.']);
    expect(why(s, job({ demand: { memoryBytes: 65 * GIB } }))).toEqual(['It asks for 65 GiB of memory; this machine has only 64 GiB.']);
    expect(why(s, job({ demand: { cpus: 3, ranks: 2 } }))).toEqual(['Its 2 ranks do not fit into this machine at once.']);
    expect(started(s, queueOf(job({ demand: { gpus: 3 } }), job({ id: 'ok' })))).toEqual(['ok']);
  });
});
