import type { Allocation, Book } from './book';
import { amountsOf } from './demand';
import type { PolicyJob, RunningJob } from './job';
import { place } from './placement';
import type { Protection } from './protection';
import type { Line } from './queue';
import { isWithin, plus } from './quota';
import type { Scene } from './scene';

export interface Victim {
  job: RunningJob;
  reason: 'reclaim' | 'priority';
}

/**
 * The running jobs to stop so that `job` can start: those of projects that
 * borrowed, when the job is within what its own project is guaranteed, and
 * less important ones of its own project. Only preemptible jobs that had their
 * minimum run time; no more of them than it takes. None when those who stop
 * already make the room; null when it is not to be had that way.
 */
export function victimsFor(scene: Scene, job: PolicyJob, line: Line, promised: readonly Protection[]): Victim[] | null {
  const { leaving } = scene;
  const candidates = candidatesFor(scene, job);
  if (candidates.length + leaving.length === 0) {
    return null;
  }
  const book = scene.book.copy();
  leaving.forEach(r => book.release(r.allocation));
  promised.forEach(p => book.take(p.allocation));
  const options = { isPreemptible: line.isPreemptible, closed: scene.closedTo(line, scene.now) };
  const room = (): Allocation | null => place(line.demand, [book], options);
  if (room() !== null) {
    return [];
  }
  candidates.forEach(v => book.release(v.job.allocation));
  if (room() === null) {
    return null;
  }
  const chosen = candidates.slice(0, fewestWithRoom(book, candidates, () => room() !== null));
  return [...whoCannotStay(book, chosen.slice(0, -1), room), chosen.at(-1)!];
}

/** The least number of candidates, from the first on, whose leaving makes room; the book, in which all had left, is as if just these had. */
function fewestWithRoom(book: Book, candidates: readonly Victim[], hasRoom: () => boolean): number {
  let reached = candidates.length;
  const hasRoomAt = (count: number): boolean => {
    for (; reached > count; reached--) {
      book.take(candidates[reached - 1]!.job.allocation);
    }
    for (; reached < count; reached++) {
      book.release(candidates[reached]!.job.allocation);
    }
    return hasRoom();
  };
  let low = 1;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hasRoomAt(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  hasRoomAt(low);
  return low;
}

/**
 * Leaves out who may stay after all, each as if it held its place in the book
 * again. Room that was found is looked for anew only once somebody stays where
 * it was: of hundreds who leave, few stand in the way of one place.
 */
function whoCannotStay(book: Book, leaving: readonly Victim[], room: () => Allocation | null): Victim[] {
  let found = room()!;
  return leaving.filter(({ job }) => {
    book.take(job.allocation);
    const other = mayCollide(found, job.allocation) ? room() : found;
    if (other === null) {
      book.release(job.allocation);
      return true;
    }
    found = other;
    return false;
  });
}

/** Do both use something of one node, or a licence of one name? */
function mayCollide(a: Allocation, b: Allocation): boolean {
  return a.parts.some(p => b.parts.some(q => q.nodeId === p.nodeId)) || Object.keys(a.licences).some(name => name in b.licences);
}

/** Who may be stopped for the job: borrowers first, then the least important, then who loses least. */
function candidatesFor(scene: Scene, job: PolicyJob): Victim[] {
  const { ripe } = scene;
  if (ripe.length === 0) {
    return [];
  }
  const isGuaranteed = scene.isGuaranteed(job);
  const own = ripe.filter(r => r.project === job.project && r.priority < job.priority).sort(byLoss).map(r => ({ job: r, reason: 'priority' as const }));
  const others = isGuaranteed ? borrowedJobs(scene, ripe.filter(r => r.project !== job.project)) : [];
  return [...others, ...own];
}

/** Of each project, as many as bring it back to what it is guaranteed and no further. */
function borrowedJobs(scene: Scene, jobs: RunningJob[]): Victim[] {
  const used = new Map(jobs.map(j => [j.project, scene.project(j.project).used]));
  return jobs.sort(byLoss).flatMap(job => {
    const before = used.get(job.project)!;
    if (isWithin(before, scene.project(job.project).quota)) {
      return [];
    }
    used.set(job.project, plus(before, amountsOf(job.demand), -1));
    return [{ job, reason: 'reclaim' as const }];
  });
}

/** The least important first, then who began last. */
const byLoss = (a: RunningJob, b: RunningJob): number => a.priority - b.priority || b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1);
