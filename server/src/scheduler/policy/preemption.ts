import type { Book } from './book';
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
  const stopping = scene.book.copy();
  leaving.forEach(r => stopping.release(r.allocation));
  promised.forEach(p => stopping.take(p.allocation));
  const hasRoom = (victims: readonly Victim[]): boolean => {
    const book: Book = stopping.copy();
    victims.forEach(v => book.release(v.job.allocation));
    return place(line.demand, [book], { isPreemptible: line.isPreemptible, closed: scene.closedTo(line, scene.now) }) !== null;
  };
  if (hasRoom([])) {
    return [];
  }
  if (!hasRoom(candidates)) {
    return null;
  }
  let chosen = candidates.slice(0, fewest(candidates.length, count => hasRoom(candidates.slice(0, count))));
  for (const victim of chosen.slice(0, -1)) {
    const spared = chosen.filter(v => v !== victim);
    if (hasRoom(spared)) {
      chosen = spared;
    }
  }
  return chosen;
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

/** The least count for which `isEnough`, which holds for `most` and all above the least. */
function fewest(most: number, isEnough: (count: number) => boolean): number {
  let low = 1;
  let high = most;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isEnough(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
