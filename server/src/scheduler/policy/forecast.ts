import { expectedEnd, type PolicyJob } from './job';
import { Replay } from './replay';
import { decide } from './round';
import type { ClusterState } from './state';

export interface Expected {
  /** 1 starts first. */
  position: number;
  startsAt: number;
}

/** How far is looked ahead: it holds up all else, so it ends by time too. */
export interface Foresight {
  rounds: number;
  budgetMs: number;
}

/**
 * In what order and when the queued jobs are expected to start, when all take as
 * long as expected and nothing new comes: the same decisions, made ahead of
 * time. The first comes first; those beyond what was looked ahead, and those
 * that cannot start, are not among them.
 */
export function forecast(state: ClusterState, queued: Iterable<PolicyJob>, now: number, { rounds, budgetMs }: Foresight = { rounds: 300, budgetMs: Infinity }): Map<string, Expected> {
  const end = performance.now() + budgetMs;
  const jobs = new Map([...queued].map(job => [job.id, job]));
  const started = new Map<string, Expected>();
  const replay = new Replay(state, decide, {
    onStart(job, at) {
      if (jobs.has(job.id) && !started.has(job.id)) {
        started.set(job.id, { position: started.size + 1, startsAt: at });
      }
    }
  });
  replay.now = now;
  for (const job of state.running.values()) {
    replay.adopt(job, expectedEnd(job, now, state.settings.graceMs));
  }
  jobs.forEach(job => replay.submit({ ...job, runMs: job.estimateMs, after: [] }));
  for (let i = 0; i < rounds && started.size < jobs.size && (started.size === 0 || performance.now() < end) && replay.step(); i++);
  return started;
}
