import type { Reservation } from '@slipway/schema';
import type { Db, Tx } from '../database';
import { toPolicyJob, toRunningJob, type PolicyRow } from './demand-of';
import { amountsOf, costOf, createTopology, decide, forecast, JobQueue, plus, whyNever, whyPending, type Allocation, type Amounts, type ClusterNode, type ClusterState, type Demand, type Decisions, type Expected, type Foresight } from './policy';
import { gangAwaits, gangNever, gangsTooWide } from './gang-room';
import * as scenes from './scene-store';
import { settingsOf } from './settings-store';
import type { JobRow } from './tables';

/** As many of a line as can start in one claim; the next claim takes the next. */
const PER_LINE = 50;

export interface Claim {
  rows: JobRow[];
  /** UUIDs of the GPUs each may use. */
  gpus: Map<string, string[]>;
  infeasible: Map<string, string>;
  /** Somebody cancelled them while they waited: they end without having started. */
  cancelled: Set<string>;
  /** Jobs told to make room, here or on another node. */
  stopping: string[];
}

export type Dispatcher = ReturnType<typeof createDispatcher>;

/** The cluster and its queue as the database has them now, and what the policy makes of them. */
export interface View {
  state: ClusterState;
  queue: JobQueue;
  decisions: Decisions;
  labels: ReadonlyMap<string, string>;
  queued: readonly PolicyRow[];
  running: readonly PolicyRow[];
  /** Somebody cancelled them while they waited. */
  cancelled: readonly string[];
  reservations: Reservation[];
}

/** Turns rows into decisions of the policy, and these into rows. `elsewhere`: what is known of the engines' size. */
export function createDispatcher(deps: { db: Db; workerId: string; node: scenes.OwnNode; leaseMs: number; elsewhere: Amounts }) {
  const { db, node } = deps;
  const toState = (rows: scenes.SceneRows, running: readonly PolicyRow[]): ClusterState => stateOf(rows, running, node.id, deps.elsewhere);

  async function view(on: Db, perLine: number, rowsOf = (): Promise<scenes.SceneRows> => scenes.sceneRows(on, node.id)): Promise<View> {
    const queued = await scenes.headsOfLines(on, perLine);
    const running = await scenes.runningJobs(on);
    const rows = await rowsOf();
    const state = toState(rows, running);
    const queue = new JobQueue(state.settings);
    queued.forEach(row => queue.add(toPolicyJob(row)));
    const labels = new Map([...queued, ...running].map(row => [row.id, row.label]));
    return { state, queue, decisions: decide(state, queue, Date.now()), labels, queued, running, cancelled: rows.cancelled, reservations: rows.reservations.map(toReservation) };
  }

  return {
    /** Starts what may start on this node, in the caller's transaction; null when nothing waits. */
    async claim(tx: Tx): Promise<Claim | null> {
      await scenes.lockClaims(tx);
      const { state, decisions, queued, labels, cancelled } = await view(tx, PER_LINE, () => scenes.rowsOfClaim(tx, node));
      if (queued.length + cancelled.length === 0 && decisions.preempts.length === 0) {
        return null;
      }
      const infeasible = new Map([...decisions.infeasible.flatMap(i => i.jobIds.map(id => [id, i.reason] as const)), ...gangsTooWide(queued, state.topology)]);
      const demands = new Map(queued.map(row => [row.id, toPolicyJob(row).demand]));
      const costs = new Map([...demands].map(([id, demand]) => [id, costOf(amountsOf(demand), state.measure)]));
      const granted = [
        ...cancelled.map(id => ({ id, allocation: null, cost: 0 })),
        ...decisions.starts.map(s => ({ id: s.jobId, allocation: s.allocation, cost: costs.get(s.jobId) ?? 0 })),
        ...[...infeasible.keys()].map(id => ({ id, allocation: null, cost: 0 }))
      ];
      const rows = granted.length === 0 ? [] : await scenes.markGranted(tx, granted, deps.workerId, deps.leaseMs);
      for (const { jobId, forJob, reason } of decisions.preempts) {
        await scenes.requestStop(tx, [jobId], reason === 'reservation' ? 'a reservation' : (labels.get(forJob!) ?? 'another job'));
      }
      return { rows, gpus: new Map(decisions.starts.map(s => [s.jobId, devicesOf(s.allocation, demands.get(s.jobId)!)])), infeasible, cancelled: new Set(cancelled), stopping: decisions.preempts.map(p => p.jobId) };
    },
    /** The cluster without its queue. */
    state: async (on: Db): Promise<ClusterState> => toState(await scenes.sceneRows(on, node.id), await scenes.runningJobs(on)),
    view: (perLine: number): Promise<View> => view(db, perLine),
    /** Why no node could ever run a job of the demand, however empty; null when one could. */
    async whyNever(demand: Demand, isPreemptible: boolean): Promise<string | null> {
      const { topology } = toState(await scenes.sceneRows(db, node.id), []);
      return whyNever(demand, topology, isPreemptible) ?? gangNever(demand, isPreemptible, topology);
    }
  };
}

export const againIn = (waitMs: number): string => `Tried again in ${Math.ceil(waitMs / 1000)} s.`;

/** Why a queued job waits, in one sentence for its owner. */
export function reasonIn(view: View, job: PolicyRow, now = Date.now()): string {
  const { demand } = toPolicyJob(job);
  const never = whyNever(demand, view.state.topology, job.is_preemptible) ?? gangNever(demand, job.is_preemptible, view.state.topology);
  if (never !== null) {
    return never;
  }
  const waitMs = Number(job.not_before) - now;
  if (Number.isFinite(waitMs) && waitMs > 0) {
    return againIn(waitMs);
  }
  const awaits = gangAwaits(job, view.state.topology);
  if (awaits !== null) {
    return awaits;
  }
  const line = view.queue.lineOfJob(job.id);
  const blocked = line && view.decisions.blocked.get(line.key);
  if (!line || !blocked || view.decisions.starts.some(s => s.jobId === job.id)) {
    return line ? 'Starts in a moment.' : 'Waits for its turn.';
  }
  return whyPending(blocked, line.demand, line.isPreemptible, view.state, id => view.labels.get(id) ?? 'another job');
}

/** Positions and expected starts of the queued jobs of the view, as far as is seen. */
export function expectedIn(view: View, foresight: Foresight, now = Date.now()): Map<string, Expected> {
  return forecast({ ...view.state, othersNodes: new Set() }, view.queue.all(), now, foresight);
}

function toReservation(row: scenes.SceneRows['reservations'][number]): Reservation {
  const iso = (at: Date): string => new Date(at).toISOString(); // a text in what PostgreSQL made JSON of
  return { id: row.id, project: row.project, nodeIds: row.node_ids, deviceIds: row.device_ids, from: iso(row.begins_at), until: iso(row.ends_at), createdBy: row.created_by };
}

/** Rank by rank; a GPU that several ranks share is there once for each. */
function devicesOf(allocation: Allocation, { gpus, ranks }: Demand): string[] {
  const timesOf = (share: number): number => (ranks === 1 || gpus >= 1 ? 1 : Math.max(1, Math.round(share / gpus)));
  return allocation.parts.flatMap(p => p.devices.flatMap(d => Array<string>(timesOf(d.share)).fill(d.id)));
}

let lastTopology: { key: string; topology: ClusterState['topology'] } | undefined;

/** Nodes seldom change, and much is remembered by their topology. */
function topologyOf(nodes: ClusterNode[], licences: Record<string, number>): ClusterState['topology'] {
  const key = JSON.stringify([nodes, licences]);
  if (lastTopology?.key !== key) {
    lastTopology = { key, topology: createTopology(nodes, licences) };
  }
  return lastTopology.topology;
}

function stateOf(rows: scenes.SceneRows, running: readonly PolicyRow[], nodeId: string, elsewhere: Amounts): ClusterState {
  const nodes = rows.nodes.map(n => ({
    id: n.id,
    name: n.name,
    cpus: n.cpus,
    memoryBytes: Number(n.memory_bytes),
    scratchBytes: Number(n.scratch_bytes),
    devices: n.devices,
    isSpot: n.is_spot,
    isDrained: n.drained_at !== null,
    awaySince: n.id === nodeId || n.is_here ? null : new Date(n.seen_at).getTime()
  }));
  const topology = topologyOf(nodes, Object.fromEntries(rows.licences.map(l => [l.name, l.total])));
  return {
    topology,
    measure: plus(topology.total, elsewhere),
    running: new Map(running.map(row => [row.id, toRunningJob(row)])),
    quotas: new Map(rows.quotas.map(q => [q.project, { project: q.project, guaranteed: q.guaranteed, limit: q.most, weight: q.weight }])),
    usage: new Map(rows.usage.map(u => [u.project, { value: u.value, at: new Date(u.at).getTime() }])),
    reservations: rows.reservations.map(r => ({ id: r.id, project: r.project, nodeIds: r.node_ids, deviceIds: r.device_ids, from: new Date(r.begins_at).getTime(), until: new Date(r.ends_at).getTime() })),
    settings: settingsOf(rows.settings),
    othersNodes: new Set(nodes.filter(n => n.id !== nodeId).map(n => n.id))
  };
}
