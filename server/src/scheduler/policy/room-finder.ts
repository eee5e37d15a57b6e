import type { Allocation } from './book';
import type { Demand } from './demand';
import { place } from './placement';
import type { Protection } from './protection';
import type { Line } from './queue';
import type { Scene } from './scene';

/** What lines of one length ask for: room now, and beside these protections. */
interface Touched {
  all: readonly Protection[];
  /** Demands for which there was no room, of jobs that may be preempted and of others. */
  refused: { preemptible: Set<Demand>; others: Set<Demand> };
}

const touching = (all: readonly Protection[]): Touched => ({ all, refused: { preemptible: new Set(), others: new Set() } });

/**
 * Finds room for lines within one round, and remembers for whom there was none:
 * what is free only shrinks in a round, so a like demand need not be tried again.
 */
export function createRoomFinder(scene: Scene, protections: readonly Protection[]) {
  const byQuestion = new Map<string, Touched>();
  const touchedByLength = new Map<number, Touched>();
  const none = touching([]);
  let counted = 0;
  const hasReservations = scene.state.reservations.length > 0;

  /** Room now, and beside the protections that the line would run into; with `isAlone` regardless of these. */
  function find(line: Line, isAlone = false): Allocation | null {
    const touched = isAlone ? none : touchedBy(line);
    const refused = refusedOf(line, touched);
    if (refused.has(line.demand)) {
      return null;
    }
    const options = { isPreemptible: line.isPreemptible, closed: scene.closedTo(line, scene.now) };
    const books = touched.all.length === 0 ? [scene.book] : [scene.book, ...touched.all.map(t => t.book)];
    const allocation = place(line.demand, books, options);
    if (allocation === null) {
      refused.add(line.demand);
    }
    return allocation;
  }

  /** With reservations the answer is also another for each project and length. */
  function refusedOf({ project, estimateMs, isPreemptible }: Line, touched: Touched): Set<Demand> {
    const { refused } = hasReservations ? questionOf(`${project}|${estimateMs}|`, touched.all) : touched;
    return isPreemptible ? refused.preemptible : refused.others;
  }

  /** Lengths that run into the same protections are asked for once. */
  function questionOf(prefix: string, all: readonly Protection[]): Touched {
    const name = prefix + all.map(p => p.jobId).join();
    let question = byQuestion.get(name);
    if (!question) {
      byQuestion.set(name, (question = touching(all)));
    }
    return question;
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
      touchedByLength.set(estimateMs, (touched = all.length === 0 ? none : questionOf('', all)));
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
