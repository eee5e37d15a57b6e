import type { ResourcesInput } from '@slipway/schema';
import fc from 'fast-check';
import { Book } from './book';
import { amountsOf } from './demand';
import { fifoEasy } from './fifo-easy';
import { HOUR, node, state, traced } from './fixtures';
import { beyond, isWithin, NOTHING, plus } from './quota';
import { Replay, type Policy, type TracedJob } from './replay';
import { decide } from './round';
import { DEFAULT_SETTINGS } from './settings';
import type { ClusterState } from './state';

const PROJECTS = ['a', 'b', 'c'];
const MINUTE = 60_000;
const settings = { ...DEFAULT_SETTINGS, minRunMs: 10 * MINUTE, halfLifeMs: 24 * HOUR };
const quotas = new Map([
  ['a', { project: 'a', guaranteed: { gpus: 4 }, limit: { gpus: 6 }, weight: 2 }],
  ['b', { project: 'b', guaranteed: { gpus: 2 }, limit: null, weight: 1 }]
]);
const nodes = [node({ id: 'x', gpus: 4, type: 'H100' }), node({ id: 'y', gpus: 4 }), node({ id: 'z', gpus: 2, isSpot: true }), node({ id: 'm', gpus: 3, migProfile: '1g.10gb' })];

const anyJob = fc.record({
  project: fc.constantFrom(...PROJECTS),
  priority: fc.integer({ min: -3, max: 3 }),
  isPreemptible: fc.boolean(),
  submittedAt: fc.integer({ min: 0, max: 600 }).map(m => m * MINUTE),
  runMs: fc.integer({ min: 1, max: 240 }).map(m => m * MINUTE),
  estimateMs: fc.integer({ min: 1, max: 240 }).map(m => m * MINUTE),
  array: fc.option(fc.constant({ id: 'array', maxParallel: 2 }), { freq: 8 }),
  demand: fc.oneof(
    fc.record({ gpus: fc.constantFrom(0, 0.25, 0.5, 1, 2, 4, 5), cpus: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ gpus: fc.constantFrom(1, 2), gpuTypes: fc.constantFrom([], ['H100'], ['H100', 'A100']), ranks: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ gpus: fc.constantFrom(1, 2), migProfile: fc.constant('1g.10gb'), licences: fc.constantFrom({}, { solver: 1 }) })
  )
});
const anyTrace = fc.array(anyJob, { minLength: 1, maxLength: 40 }).map(jobs => jobs.map(j => traced({ ...j, demand: j.demand as ResourcesInput })));

interface Story {
  ended: Set<string>;
  infeasible: Set<string>;
}

/** Replays the trace and checks each round as it is decided. */
function replay(jobs: TracedJob[], policy: Policy, check: (s: ClusterState, decisions: ReturnType<Policy>, now: number) => void): Story {
  const story: Story = { ended: new Set(), infeasible: new Set() };
  const replayed = new Replay(state({ nodes, licences: { solver: 1 }, quotas, settings }), policy, {
    onEnd: job => story.ended.add(job.id),
    onInfeasible: id => story.infeasible.add(id),
    onRound: (decisions, s, now) => check(s, decisions, now)
  });
  jobs.forEach(job => replayed.submit(job));
  for (let rounds = 0; replayed.step(); rounds++) {
    if (rounds > 20_000) {
      throw new Error('It comes to no end.');
    }
  }
  return story;
}

test.each([['slipway', decide], ['fifo-easy', fifoEasy]] as const)('%s gives nothing out twice, and every gang whole', (_name, policy) => {
  fc.assert(
    fc.property(anyTrace, jobs => {
      const byId = new Map(jobs.map(j => [j.id, j]));
      replay(jobs, policy, (s, { starts }) => {
        const book = Book.empty(s.topology);
        s.running.forEach(r => book.take(r.allocation));
        for (const { jobId, allocation } of starts) {
          expect(s.running.has(jobId)).toBe(false);
          book.take(allocation);
          const { demand } = byId.get(jobId)!;
          expect(allocation.parts.reduce((sum, p) => sum + p.ranks, 0)).toBe(demand.ranks);
          expect(allocation.parts.reduce((sum, p) => sum + p.devices.reduce((all, d) => all + d.share, 0), 0)).toBeCloseTo(demand.gpus * demand.ranks, 6);
        }
        const least = Math.min(...book.nodes.flatMap(n => [n.cpus, n.memoryBytes, n.scratchBytes, ...n.devices]), ...Object.values(book.licences));
        expect(least).toBeGreaterThanOrEqual(-1e-6);
      });
    }),
    { numRuns: 60 }
  );
});

test('no limit of a quota and no cap of an array is passed, and nobody is preempted too early or unasked', () => {
  fc.assert(
    fc.property(anyTrace, jobs => {
      const byId = new Map(jobs.map(j => [j.id, j]));
      replay(jobs, decide, (s, { starts, preempts }, now) => {
        const preempted = new Set(preempts.map(p => p.jobId));
        const alive = [...s.running.values()].filter(r => r.stoppingSince === null && !preempted.has(r.id));
        const all = [...alive.map(r => byId.get(r.id)!), ...starts.map(d => byId.get(d.jobId)!)];
        for (const { project, limit } of quotas.values()) {
          const used = all.filter(j => j.project === project).reduce((sum, j) => plus(sum, amountsOf(j.demand)), NOTHING);
          expect(limit && beyond(used, limit)).toBeNull();
        }
        expect(all.filter(j => j.array !== null).length).toBeLessThanOrEqual(2);
        for (const { jobId, reason } of preempts) {
          const victim = s.running.get(jobId)!;
          expect(victim.isPreemptible).toBe(true);
          expect(now - victim.startedAt).toBeGreaterThanOrEqual(settings.minRunMs);
          if (reason === 'reclaim') {
            const used = [...s.running.values()].filter(r => r.project === victim.project && r.stoppingSince === null).reduce((sum, r) => plus(sum, amountsOf(r.demand)), NOTHING);
            expect(isWithin(used, quotas.get(victim.project) ?? { guaranteed: {} })).toBe(false);
          }
        }
      });
    }),
    { numRuns: 60 }
  );
});

test('every job that can run does, whatever else comes', () => {
  fc.assert(
    fc.property(anyTrace, jobs => {
      const { ended, infeasible } = replay(jobs, decide, () => undefined);
      const stuck = jobs.filter(j => !ended.has(j.id) && !infeasible.has(j.id));
      // beyond the limit of its own project a job waits for ever, as it should
      expect(stuck.filter(j => j.project !== 'a' || amountsOf(j.demand).gpus <= 6)).toEqual([]);
    }),
    { numRuns: 60 }
  );
});

test('a wide job waits behind a stream of short ones that never ends, from other projects, for no longer than short ones go ahead', () => {
  const wide = traced({ id: 'wide', demand: { gpus: 4, gpuTypes: ['A100'] }, submittedAt: 0, project: 'c', estimateMs: HOUR });
  const small = Array.from({ length: 1_000 }, (_, i) => traced({ demand: { gpus: 1, gpuTypes: ['A100'] }, submittedAt: i * 5 * MINUTE - HOUR, runMs: 30 * MINUTE, estimateMs: 30 * MINUTE, project: 'b', priority: 2 }));
  let startedAt = Infinity;
  const replayed = new Replay(state({ nodes, settings }), decide, { onStart: (j, now) => (startedAt = j.id === 'wide' ? now : startedAt) });
  [wide, ...small].forEach(j => replayed.submit(j));
  while (replayed.step());
  expect(startedAt).toBeLessThanOrEqual(settings.shortLeadMs);
});

test('what was borrowed is back with its owner after the minimum run time and the grace', () => {
  const borrowers = Array.from({ length: 8 }, () => traced({ project: 'c', isPreemptible: true, demand: { gpus: 1, gpuTypes: ['H100', 'A100'] }, runMs: 100 * HOUR, estimateMs: 100 * HOUR }));
  const owners = Array.from({ length: 4 }, () => traced({ project: 'a', demand: { gpus: 1, gpuTypes: ['H100', 'A100'] }, submittedAt: MINUTE }));
  const starts = new Map<string, number>();
  const replayed = new Replay(state({ nodes, quotas, settings }), decide, { onStart: (j, now) => starts.set(j.id, Math.min(now, starts.get(j.id) ?? now)) });
  [...borrowers, ...owners].forEach(j => replayed.submit(j));
  while (replayed.step());
  for (const { id } of owners) {
    expect(starts.get(id)).toBeLessThanOrEqual(settings.minRunMs + settings.graceMs);
  }
});

test('a job that comes after others starts when they are over', () => {
  const [first, second] = [traced({ id: 'first' }), traced({ id: 'second', after: ['first'] })];
  const starts: [string, number][] = [];
  const replayed = new Replay(state(), decide, { onStart: (j, now) => starts.push([j.id, now]) });
  [second, first].forEach(j => replayed.submit(j));
  while (replayed.step());
  expect(starts).toEqual([['first', 0], ['second', HOUR]]);
});
