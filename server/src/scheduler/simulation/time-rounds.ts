import { Resources } from '@slipway/schema';
import { decide, JobQueue, type PolicyJob, type RunningJob } from '../policy';
import { stateOf, type ClusterShape } from './simulate';

export interface RoundTimes {
  queued: number;
  gpus: number;
  /** Those counted, after as many as it takes until the code is compiled. */
  rounds: number;
  /** Of CPU time, so that what else the machine does is not counted. */
  medianMs: number;
  p95Ms: number;
  firstMs: number;
}

const WARM_UP = 60;
const ROUNDS = 200;
const PROJECTS = 20;

/** Times decision rounds of a full cluster with so many jobs queued, as jobs end and others come, in a process that has run for a while, as the daemon has. */
export function timeRounds(queued: number, shape: ClusterShape): RoundTimes {
  const state = stateOf(shape);
  const queue = new JobQueue(state.settings);
  const random = generator(7);
  const demands = [0.5, 1, 1, 1, 2, 4, 8].map(gpus => Resources.parse({ gpus, cpus: 4, memoryBytes: 2 ** 34 }));
  let made = 0;
  const job = (): PolicyJob => ({
    id: `j${made++}`,
    project: `p${Math.floor(random() * PROJECTS)}`,
    priority: Math.floor(random() * 3),
    isPreemptible: random() < 0.5,
    demand: demands[Math.floor(random() * demands.length)]!,
    submittedAt: made * 100,
    estimateMs: 60_000 * 2 ** (random() * 8),
    array: null
  });
  const running = new Map<string, RunningJob>();
  const times: number[] = [];
  for (let i = 0; i < queued; i++) {
    queue.add(job());
  }
  for (let [round, now] = [0, queued * 100]; round < WARM_UP + ROUNDS; round++, now += 20_000) {
    const before = process.cpuUsage();
    const decisions = decide({ ...state, running }, queue, now);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
    decisions.preempts.forEach(({ jobId }) => running.delete(jobId));
    decisions.starts.forEach(({ jobId, allocation }) => running.set(jobId, { ...queue.remove(jobId)!, allocation, startedAt: now, stoppingSince: null }));
    for (const [id, r] of running) {
      if (r.startedAt + r.estimateMs <= now) {
        running.delete(id);
      }
    }
    while (queue.size < queued) {
      queue.add(job());
    }
  }
  const sorted = times.slice(WARM_UP).sort((a, b) => a - b);
  return { queued, gpus: state.topology.total.gpus, rounds: ROUNDS, firstMs: times[0]!, medianMs: sorted[Math.floor(sorted.length / 2)]!, p95Ms: sorted[Math.floor(sorted.length * 0.95)]! };
}

/** Numbers in [0, 1) that are the same every time (mulberry32). */
function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
