import type { Book } from './book';
import type { Decisions } from './decision';
import { whyNever } from './feasibility';
import { NOTHING_CLOSED, place } from './placement';
import { protect } from './protection';
import type { JobQueue } from './queue';
import { Scene } from './scene';
import type { ClusterState } from './state';

/**
 * The baseline: first come, first served, with EASY backfill (Lifka 1995). The
 * first job that finds no room gets a time; later ones start before it only if
 * they end by then or leave its room alone. No projects, quotas or preemption.
 */
export function fifoEasy(state: ClusterState, queue: JobQueue, now: number): Decisions {
  const decisions: Decisions = { starts: [], preempts: [], infeasible: [], blocked: new Map(), keptFor: new Map() };
  const scene = new Scene(state, now);
  const cursors = [...queue.lines.values()].map(line => ({ line, jobs: [...line.jobs].sort((a, b) => a.submittedAt - b.submittedAt || (a.id < b.id ? -1 : 1)), next: 0 }));
  let kept: { at: number; book: Book } | null = null;
  for (let open = cursors; open.length > 0; open = open.filter(c => c.next < c.jobs.length)) {
    const first = open.reduce((best, c) => (c.jobs[c.next]!.submittedAt < best.jobs[best.next]!.submittedAt ? c : best));
    const job = first.jobs[first.next]!;
    const { line } = first;
    const never = whyNever(line.demand, state.topology, line.isPreemptible);
    const isLater = kept !== null && now + line.estimateMs > kept.at;
    const books = isLater ? [scene.book, kept!.book] : [scene.book];
    const allocation = never === null ? place(line.demand, books, { isPreemptible: line.isPreemptible, closed: NOTHING_CLOSED }) : null;
    if (allocation) {
      scene.start(job, allocation);
      if (isLater) {
        kept!.book.take(allocation);
      }
      decisions.starts.push({ jobId: job.id, allocation });
      first.next += 1;
      continue;
    }
    if (never !== null) {
      decisions.infeasible.push({ jobIds: first.jobs.slice(first.next).map(j => j.id), reason: never });
    } else {
      kept ??= protect(scene, job, line, []);
    }
    first.next = first.jobs.length; // the others of the line fare no better
  }
  return decisions;
}
