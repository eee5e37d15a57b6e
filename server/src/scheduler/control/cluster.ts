import type { Cluster, ClusterNode, ProjectStanding } from '@slipway/schema';
import type { Db } from '../../database';
import type { View } from '../dispatcher';
import { amountsOf, beyondGuarantee, costOf, fadedUsage, usageOf, type AllocationPart, type Amounts } from '../policy';
import type { GpuUse } from '../policy-tables';
import { gpuLoads } from '../scene-store';
import * as store from './store';

const HOUR_MS = 3_600_000;

/** The cluster as a map: who holds what of each node and GPU, and how projects stand. */
export async function clusterMap(db: Db, view: View): Promise<Cluster> {
  const { state } = view;
  const counts = await store.countsByProject(db);
  const load = await gpuLoads(db);
  const licencesUsed = (name: string): number => [...state.running.values()].reduce((sum, job) => sum + (job.allocation.licences[name] ?? 0), 0);
  return {
    nodes: state.topology.nodes.map(node => nodeMap(node, view, load)),
    licences: Object.entries(state.topology.licences).map(([name, total]) => ({ name, total, used: licencesUsed(name) })),
    projects: standings(view, counts),
    reservations: view.reservations
  };
}

type Held = { jobId: string; label: string; project: string; part: AllocationPart };

function nodeMap(node: View['state']['topology']['nodes'][number], view: View, load: ReadonlyMap<string, GpuUse>): ClusterNode {
  const held: Held[] = [...view.state.running.values()].flatMap(job =>
    job.allocation.parts.filter(p => p.nodeId === node.id).map(part => ({ jobId: job.id, label: view.labels.get(job.id) ?? job.id, project: job.project, part }))
  );
  const used = (of: (part: AllocationPart) => number): number => held.reduce((sum, h) => sum + of(h.part), 0);
  return {
    id: node.id,
    name: node.name,
    isSpot: node.isSpot,
    isDrained: node.isDrained,
    awaySince: node.awaySince === null ? null : new Date(node.awaySince).toISOString(),
    cpus: { total: node.cpus, used: used(p => p.cpus) },
    memoryBytes: { total: node.memoryBytes, used: used(p => p.memoryBytes) },
    scratchBytes: { total: node.scratchBytes, used: used(p => p.scratchBytes) },
    devices: node.devices.map(device => ({
      ...device,
      holders: held.flatMap(({ part, ...who }) => part.devices.filter(d => d.id === device.id).map(d => ({ ...who, share: d.share }))),
      utilisationPercent: load.get(device.id)?.utilisationPercent ?? null,
      usedMemoryBytes: load.get(device.id)?.usedMemoryBytes ?? null
    })),
    jobs: held.map(({ part, ...who }) => ({ ...who, cpus: part.cpus, memoryBytes: part.memoryBytes }))
  };
}

function standings({ state }: View, counts: readonly { project: string; state: string; count: number }[]): ProjectStanding[] {
  const now = Date.now();
  const { halfLifeMs } = state.settings;
  const names = new Set([...state.quotas.keys(), ...counts.map(c => c.project), ...state.usage.keys()]);
  const countOf = (project: string, of: string): number => counts.find(c => c.project === project && c.state === of)?.count ?? 0;
  const rows = [...names].sort().map(project => {
    const own = [...state.running.values()].filter(job => job.project === project);
    const used = own.reduce<Amounts>((sum, job) => add(sum, amountsOf(job.demand)), { cpus: 0, memoryBytes: 0, gpus: 0 });
    const before = state.usage.get(project);
    const running = own.reduce((sum, job) => sum + usageOf(costOf(amountsOf(job.demand), state.measure), job.startedAt, now, halfLifeMs), 0);
    const quota = state.quotas.get(project);
    return {
      project,
      quota: quota ? { guaranteed: quota.guaranteed, limit: quota.limit, weight: quota.weight } : null,
      used,
      isBorrowing: quota !== undefined && beyondGuarantee(used, quota),
      queued: countOf(project, 'queued'),
      running: countOf(project, 'running'),
      usageHours: ((before ? fadedUsage(before, now, halfLifeMs) : 0) + running) / HOUR_MS
    };
  });
  const all = rows.reduce((sum, row) => sum + row.usageHours, 0);
  return rows.map(row => ({ ...row, sharePercent: all > 0 ? (100 * row.usageHours) / all : 0 }));
}

const add = (a: Amounts, b: Amounts): Amounts => ({ cpus: a.cpus + b.cpus, memoryBytes: a.memoryBytes + b.memoryBytes, gpus: a.gpus + b.gpus });
