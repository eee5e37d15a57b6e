import { expectedEnd, type PolicyJob } from './job';
import { Replay } from './replay';
import { decide } from './round';
import type { ClusterState } from './state';

export interface Expected {
  /** 1 starts first. */
  position: number;
  /** null beyond what was looked ahead, and for what cannot start. */
  startsAt: number | null;
}

/**
 * In what order and when the queued jobs are expected to start, when all take as
 * long as expected and nothing new comes: the same decisions, made ahead of
 * time, for at most `rounds` of them.
 */
export function forecast(state: ClusterState, queued: Iterable<PolicyJob>, now: number, rounds = 300): Map<string, Expected> {
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
  for (let i = 0; i < rounds && started.size < jobs.size && replay.step(); i++);
  const rest = [...jobs.values()].filter(job => !started.has(job.id)).sort((a, b) => b.priority - a.priority || a.submittedAt - b.submittedAt);
  rest.forEach(job => started.set(job.id, { position: started.size + 1, startsAt: null }));
  return started;
}
