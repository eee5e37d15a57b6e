import type { Allocation, Book } from './book';
import type { PolicyJob } from './job';
import { place } from './placement';
import type { Line } from './queue';
import type { Scene } from './scene';

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
  const base = scene.book.copy();
  before.forEach(p => base.take(p.allocation));
  const bookAfter = (count: number): Book => {
    const book = base.copy();
    for (let i = 0; i < count; i++) {
      book.release(endings[i]!.allocation);
    }
    return book;
  };
  const roomAfter = (count: number): Allocation | null => {
    const at = endings[count - 1]?.at ?? scene.now;
    return place(line.demand, [bookAfter(count)], { isPreemptible: line.isPreemptible, closed: scene.closedTo(line, at) });
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
  const book = bookAfter(endings.findLastIndex(e => e.at <= at) + 1);
  book.take(allocation);
  return { jobId: job.id, at, allocation, book };
}
