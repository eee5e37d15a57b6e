import { amountsOf, createTopology, decide, DEFAULT_SETTINGS, fifoEasy, Replay, type ClusterNode, type ClusterState, type Policy, type TracedJob } from '../policy';

export const POLICIES = { slipway: decide, 'fifo-easy': fifoEasy } as const satisfies Record<string, Policy>;
export type PolicyName = keyof typeof POLICIES;

export interface ClusterShape {
  nodes: number;
  cpusPerNode: number;
  gpusPerNode: number;
  memoryGibPerNode: number;
  gpuType: string;
}

/** How a policy did on a trace; times in seconds. */
export interface SimulationReport {
  policy: PolicyName;
  jobs: number;
  infeasible: number;
  makespanS: number;
  /** Of the GPUs where there are some, else of the CPUs, from the first submission to the last end. */
  utilisation: number;
  meanWaitS: number;
  p95WaitS: number;
  /** Mean of max(1, (wait + run) / max(run, 10 s)) (Feitelson and Rudolph 1998). */
  meanBoundedSlowdown: number;
  /** Jain's index over the projects' mean bounded slowdowns: 1 = all alike. */
  fairness: number;
  preemptions: number;
  rounds: number;
  longestRoundMs: number;
}

const BOUND_MS = 10_000;

/** Replays the trace under the policy, with a clock of its own. */
export function simulate(jobs: readonly TracedJob[], shape: ClusterShape, name: PolicyName): SimulationReport {
  const state = stateOf(shape);
  const ends = new Map<string, number>();
  let [infeasible, preemptions, rounds, longestRoundMs] = [0, 0, 0, 0];
  const policy: Policy = (...given) => {
    const from = performance.now();
    const decisions = POLICIES[name](...given);
    longestRoundMs = Math.max(longestRoundMs, performance.now() - from);
    rounds += 1;
    return decisions;
  };
  const replay = new Replay(state, policy, {
    onEnd: (job, now) => void ends.set(job.id, now),
    onPreempt: () => (preemptions += 1),
    onInfeasible: () => (infeasible += 1)
  });
  jobs.forEach(job => replay.submit(job));
  while (replay.step());
  return { policy: name, ...measure(jobs.filter(j => ends.has(j.id)), ends, state), infeasible, preemptions, rounds, longestRoundMs };
}

function measure(jobs: readonly TracedJob[], ends: ReadonlyMap<string, number>, { topology }: ClusterState) {
  const waits = jobs.map(j => Math.max(0, ends.get(j.id)! - j.submittedAt - j.runMs));
  const slowdowns = jobs.map((j, i) => Math.max(1, (waits[i]! + j.runMs) / Math.max(j.runMs, BOUND_MS)));
  const from = jobs.reduce((least, j) => Math.min(least, j.submittedAt), Infinity);
  const makespanMs = jobs.length === 0 ? 0 : jobs.reduce((most, j) => Math.max(most, ends.get(j.id)!), 0) - from;
  const counted = topology.total.gpus > 0 ? 'gpus' : 'cpus';
  const work = jobs.reduce((sum, j) => sum + amountsOf(j.demand)[counted] * j.runMs, 0);
  const byProject = new Map<string, number[]>();
  jobs.forEach((j, i) => byProject.set(j.project, [...(byProject.get(j.project) ?? []), slowdowns[i]!]));
  return {
    jobs: jobs.length,
    makespanS: makespanMs / 1_000,
    utilisation: makespanMs > 0 ? work / (topology.total[counted] * makespanMs) : 0,
    meanWaitS: mean(waits) / 1_000,
    p95WaitS: (waits.sort((a, b) => a - b)[Math.floor(0.95 * (waits.length - 1))] ?? 0) / 1_000,
    meanBoundedSlowdown: mean(slowdowns),
    fairness: jain([...byProject.values()].map(mean))
  };
}

const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : values.reduce((sum, v) => sum + v, 0) / values.length);

/** Jain, Chiu and Hawe 1984: (Σx)² / (n Σx²). */
export function jain(values: readonly number[]): number {
  const squares = values.reduce((sum, v) => sum + v * v, 0);
  return squares === 0 ? 1 : values.reduce((sum, v) => sum + v, 0) ** 2 / (values.length * squares);
}

export function stateOf(shape: ClusterShape): ClusterState {
  const nodes = Array.from({ length: shape.nodes }, (_, n): ClusterNode => {
    const devices = Array.from({ length: shape.gpusPerNode }, (_unused, i) => ({ id: `gpu-${n}-${i}`, type: shape.gpuType, memoryBytes: 80 * 2 ** 30, migProfile: null }));
    return { id: `node-${n}`, name: `node-${n}`, cpus: shape.cpusPerNode, memoryBytes: shape.memoryGibPerNode * 2 ** 30, scratchBytes: 2 ** 50, devices, isSpot: false, isDrained: false, awaySince: null };
  });
  const topology = createTopology(nodes);
  return { topology, measure: topology.total, running: new Map(), quotas: new Map(), usage: new Map(), reservations: [], settings: DEFAULT_SETTINGS, othersNodes: new Set() };
}
