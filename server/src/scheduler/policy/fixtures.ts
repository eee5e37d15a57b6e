import { Resources, type ResourcesInput } from '@slipway/schema';
import { createTopology, type ClusterNode } from './cluster';
import type { PolicyJob, RunningJob } from './job';
import { JobQueue } from './queue';
import type { TracedJob } from './replay';
import { DEFAULT_SETTINGS } from './settings';
import type { ClusterState } from './state';

/** Builders of what the tests of the policy decide on. */
export const GIB = 2 ** 30;
export const HOUR = 3_600_000;

export function node(over: Partial<ClusterNode> & { gpus?: number; type?: string; migProfile?: string | null } = {}): ClusterNode {
  const { gpus = 0, type = 'A100', migProfile = null, id = 'n1', ...rest } = over;
  const devices = Array.from({ length: gpus }, (_, i) => ({ id: `${id}-${i}`, type, memoryBytes: 40 * GIB, migProfile }));
  return { id, name: id, cpus: 16, memoryBytes: 64 * GIB, scratchBytes: 100 * GIB, devices, isSpot: false, isDrained: false, awaySince: null, ...rest };
}

export function state(over: Partial<ClusterState> & { nodes?: ClusterNode[]; licences?: Record<string, number> } = {}): ClusterState {
  const { nodes = [node()], licences = {}, ...rest } = over;
  const topology = createTopology(nodes, licences);
  return { topology, measure: topology.total, running: new Map(), quotas: new Map(), usage: new Map(), reservations: [], settings: DEFAULT_SETTINGS, othersNodes: new Set(), ...rest };
}

let made = 0;
export function job(over: Partial<Omit<PolicyJob, 'demand'>> & { demand?: ResourcesInput } = {}): PolicyJob {
  const { demand, ...rest } = over;
  return {
    ...{ id: `j${String(++made).padStart(6, '0')}`, project: 'default', priority: 0, isPreemptible: false, submittedAt: 0, estimateMs: HOUR, array: null },
    ...rest,
    demand: Resources.parse({ memoryBytes: GIB, ...demand })
  };
}

export function traced(over: Parameters<typeof job>[0] & { runMs?: number; after?: string[] } = {}): TracedJob {
  const { runMs = HOUR, after = [], ...rest } = over;
  return { ...job(rest), runMs, after };
}

export function running(of: PolicyJob, devices: string[] = [], over: Partial<RunningJob> & { nodeId?: string } = {}): RunningJob {
  const { nodeId = 'n1', ...rest } = over;
  const { cpus, memoryBytes, scratchBytes, ranks, licences, gpus } = of.demand;
  const share = gpus > 0 && gpus < 1 ? gpus : 1;
  const part = { nodeId, ranks, cpus: cpus * ranks, memoryBytes: memoryBytes * ranks, scratchBytes, devices: devices.map(id => ({ id, share })) };
  return { ...of, allocation: { parts: [part], licences }, startedAt: 0, stoppingSince: null, ...rest };
}

export const runningMap = (...jobs: RunningJob[]): Map<string, RunningJob> => new Map(jobs.map(j => [j.id, j]));

export function queueOf(...jobs: PolicyJob[]): JobQueue {
  const queue = new JobQueue(DEFAULT_SETTINGS);
  jobs.forEach(j => queue.add(j));
  return queue;
}
