import type { Db, Tx } from '../database';
import { demandOf, toPolicyJob } from './demand-of';
import type { Dispatcher } from './dispatcher';
import type { Engines } from './executors';
import { amountsOf, beyondAllowance, costOf, handOver, JobQueue, lackingLicence, licenceNever, Scene, whyPending, type ClusterState } from './policy';
import * as scenes from './scene-store';
import type { JobRow } from './tables';

/** So many of a project are looked at, at least: one that has to wait for its quota does not hide smaller ones behind it. */
const PER_PROJECT = 100;

/**
 * Claims the next jobs of an engine: as many as it may have more of ours, and
 * as quotas, shares and licences let, which count what nodes and engines run
 * together. Those it can never run are among them, with the reason.
 */
export async function claimForEngine(
  deps: { db: Db; engines: Engines; dispatcher: Dispatcher; workerId: string; leaseMs: number; onStarted: (tx: Tx, jobs: JobRow[]) => Promise<void> },
  engine: string,
  running: number
): Promise<{ rows: JobRow[]; infeasible: Map<string, string> }> {
  const { db, engines } = deps;
  const room = engines.roomOn(engine, running);
  if (room <= 0 || !(await scenes.isWaitingFor(db, engine))) {
    return { rows: [], infeasible: new Map() };
  }
  return db.transaction().execute(async tx => {
    await scenes.chargeProjects(tx);
    await scenes.lockClaims(tx);
    const heads = await scenes.headsForEngine(tx, engine, Math.max(room, PER_PROJECT));
    const state = await deps.dispatcher.state(tx);
    const infeasible = new Map(heads.flatMap(job => {
      const reason = engines.whyNever(engine, demandOf(job)) ?? licenceNever(demandOf(job), state.topology);
      return reason === null ? [] : [[job.id, reason]];
    }));
    const jobs = new Map(heads.filter(row => !infeasible.has(row.id)).map(row => [row.id, toPolicyJob(row)]));
    const queue = new JobQueue(state.settings);
    jobs.forEach(job => queue.add(job));
    const granted = [
      ...[...infeasible.keys()].map(id => ({ id, allocation: null, cost: 0 })),
      ...handOver(state, queue, room, Date.now()).map(({ jobId, allocation }) => ({ id: jobId, allocation, cost: costOf(amountsOf(jobs.get(jobId)!.demand), state.measure) }))
    ];
    const rows = granted.length === 0 ? [] : await scenes.markGranted(tx, granted, deps.workerId, deps.leaseMs);
    await deps.onStarted(tx, rows);
    return { rows, infeasible };
  });
}

/** Tells of jobs for engines what on our side lets them wait: their project's quota, their array, a licence; null where nothing does. */
export function heldBackIn(state: ClusterState): (job: JobRow) => string | null {
  const scene = new Scene(state, Date.now());
  return row => {
    const job = toPolicyJob(row);
    const blocked = beyondAllowance(scene, job) ?? lackingLicence(scene, job.demand);
    return licenceNever(job.demand, state.topology) ?? (blocked && whyPending(blocked, job.demand, job.isPreemptible, state, id => id));
  };
}
