import type { Allocation } from './book';
import type { Demand } from './demand';
import { place } from './placement';
import type { Protection } from './protection';
import type { Line } from './queue';
import type { Scene } from './scene';

interface Touched {
  all: Protection[];
  name: string;
}
const NONE: Touched = { all: [], name: '' };

/**
 * Finds room for lines within one round, and remembers for whom there was none:
 * what is free only shrinks in a round, so a like demand need not be tried again.
 */
export function createRoomFinder(scene: Scene, protections: readonly Protection[]) {
  const none = new Map<Demand, Set<string>>();
  const touchedByLength = new Map<number, Touched>();
  let counted = 0;
  const hasReservations = scene.state.reservations.length > 0;

  /** Room now, and beside the protections that the line would run into; with `isAlone` regardless of these. */
  function find(line: Line, isAlone = false): Allocation | null {
    const touched = isAlone ? NONE : touchedBy(line);
    const lines = hasReservations ? `${line.project}|${line.estimateMs}` : '';
    const question = `${line.isPreemptible ? 'p' : ''}|${touched.name}|${lines}`;
    let refused = none.get(line.demand);
    if (refused?.has(question)) {
      return null;
    }
    const options = { isPreemptible: line.isPreemptible, closed: scene.closedTo(line, scene.now) };
    const allocation = place(line.demand, [scene.book, ...touched.all.map(t => t.book)], options);
    if (allocation === null) {
      refused ??= new Set();
      none.set(line.demand, refused.add(question));
    }
    return allocation;
  }

  /** The protections that a line runs into: lengths are few, lines many. */
  function touchedBy({ estimateMs }: Line): Touched {
    if (protections.length !== counted) {
      touchedByLength.clear();
      counted = protections.length;
    }
    let touched = touchedByLength.get(estimateMs);
    if (!touched) {
      const all = protections.filter(p => p.at < scene.now + estimateMs);
      touchedByLength.set(estimateMs, (touched = { all, name: all.map(p => p.jobId).join() }));
    }
    return touched;
  }

  return {
    find,
    take(line: Line, allocation: Allocation): void {
      touchedBy(line).all.forEach(p => p.book.take(allocation));
    }
  };
}
