import type { Allocation, Book } from './book';
import type { PolicyJob } from './job';
import { place } from './placement';
import type { Line } from './queue';
import type { Ending, Scene } from './scene';

/** Room kept for a job that is next, from when it is expected to be there. */
export interface Protection {
  jobId: string;
  at: number;
  allocation: Allocation;
  /** What is left beside it from then on. */
  book: Book;
}

/**
 * Finds when and where a blocked job is expected to start, given what runs and
 * the protections before it: the earliest ending that makes room, found by
 * halving, for room only grows with each ending. null when no ending does.
 */
export function protect(scene: Scene, job: PolicyJob, line: Line, before: readonly Protection[]): Protection | null {
  const endings = scene.endings();
  const after = bookAfterEndings(scene, endings, before);
  const roomAfter = (count: number): Allocation | null => {
    const at = endings[count - 1]?.at ?? scene.now;
    return place(line.demand, [after(count)], { isPreemptible: line.isPreemptible, closed: scene.closedTo(line, at) });
  };
  let low = 0;
  let high = endings.length;
  if (roomAfter(high) === null) {
    return null;
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (roomAfter(middle) === null) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const at = endings[low - 1]?.at ?? scene.now;
  const allocation = roomAfter(low)!;
  const book = after(endings.findLastIndex(e => e.at <= at) + 1);
  book.take(allocation);
  return { jobId: job.id, at, allocation, book };
}

/** One book, taken to how it is after the first so many endings: each step costs what lies between, not all before it. */
function bookAfterEndings(scene: Scene, endings: readonly Ending[], before: readonly Protection[]): (count: number) => Book {
  const book = scene.book.copy();
  before.forEach(p => book.take(p.allocation));
  let reached = 0;
  return count => {
    for (; reached < count; reached++) {
      book.release(endings[reached]!.allocation);
    }
    for (; reached > count; reached--) {
      book.take(endings[reached - 1]!.allocation);
    }
    return book;
  };
}
