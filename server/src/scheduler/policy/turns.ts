import type { JobQueue, Line, QueuedJob } from './queue';
import { isBefore } from './queue';
import type { Scene } from './scene';

/** A line that is still looked at in this round, and how many of it were started. */
interface OpenLine {
  line: Line;
  next: number;
}

interface ProjectTurn {
  project: string;
  lines: OpenLine[];
  /** The line whose head is next in the project; undefined when to be found anew. */
  best?: OpenLine;
  needsLoan: boolean;
  share: number;
}

/**
 * Whose turn it is: first projects that ask within what they are guaranteed,
 * of these the one that had least of the cluster for its weight, and in it the
 * job of the lowest rank. Only what a step changed is computed again.
 */
export function createTurns(scene: Scene, queue: JobQueue) {
  const projects = new Map<string, ProjectTurn>();
  for (const line of queue.lines.values()) {
    const turn = projects.get(line.project) ?? { project: line.project, lines: [], needsLoan: false, share: 0 };
    turn.lines.push({ line, next: 0 });
    projects.set(line.project, turn);
  }
  let last: ProjectTurn | undefined;

  function headOf(open: OpenLine): QueuedJob {
    return open.line.jobs[open.next]!;
  }

  function refresh(turn: ProjectTurn): OpenLine | undefined {
    if (!turn.best) {
      turn.best = turn.lines.reduce<OpenLine | undefined>((best, open) => (best && isBefore(headOf(best), headOf(open)) ? best : open), undefined);
      if (turn.best) {
        turn.needsLoan = !scene.isGuaranteed(headOf(turn.best));
        turn.share = scene.shareOf(turn.project);
      }
    }
    return turn.best;
  }

  function isEarlier(a: ProjectTurn, b: ProjectTurn): boolean {
    const order = Number(a.needsLoan) - Number(b.needsLoan) || a.share - b.share;
    return order < 0 || (order === 0 && isBefore(headOf(a.best!), headOf(b.best!)));
  }

  function drop(line: Line): void {
    last!.lines = last!.lines.filter(open => open.line !== line);
    last!.best = undefined;
  }

  return {
    next(): { line: Line; job: QueuedJob } | undefined {
      last = undefined;
      for (const turn of projects.values()) {
        if (refresh(turn) && (!last || isEarlier(turn, last))) {
          last = turn;
        }
      }
      return last && { line: last.best!.line, job: headOf(last.best!) };
    },
    /** Nothing more of the line in this round. */
    close: drop,
    /** Its head started; the next of the line is its head now. */
    started(line: Line): void {
      const open = last!.best!;
      open.next += 1;
      if (open.next >= line.jobs.length) {
        drop(line);
      }
      last!.best = undefined;
    }
  };
}
