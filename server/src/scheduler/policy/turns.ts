import { Heap } from './heap';
import type { JobQueue, Line, QueuedJob } from './queue';
import { isBefore } from './queue';
import type { Scene } from './scene';

/** A line that is still looked at in this round, by the rank of its head. */
interface OpenLine {
  at: number;
  line: Line;
  /** Index of its head: those before it started in this round. */
  next: number;
}

interface ProjectTurn {
  project: string;
  /** Without a guarantee every job needs a loan: said here, so that it is not asked for each line. */
  hasGuarantee: boolean;
  lines: Heap<OpenLine>;
  head: QueuedJob | undefined;
  needsLoan: boolean;
  share: number;
  /** Who is least is next: the rank of its head without the priority, which says nothing between projects, later for what the project had. */
  at: number;
}

/**
 * Whose turn it is: first projects that ask within what they are guaranteed, of
 * these the one whose next job has waited longest, where what the project had
 * of the cluster for its weight counts as so much waiting less; and in it the
 * job of the lowest rank. Shares that decided alone would change whose turn it
 * is with every start and end, and room kept for a wide job would go to another
 * again and again. Only what a step changed is computed again.
 */
export function createTurns(scene: Scene, queue: JobQueue) {
  const { fairFactor, priorityMs } = scene.state.settings;
  const projects = new Map<string, ProjectTurn>();
  for (const line of queue.lines.values()) {
    let turn = projects.get(line.project);
    if (!turn) {
      projects.set(line.project, (turn = { project: line.project, hasGuarantee: scene.project(line.project).hasGuarantee, lines: new Heap(), head: undefined, needsLoan: true, share: scene.shareOf(line.project), at: 0 }));
    }
    turn.lines.push({ at: line.jobs[0]!.rank, line, next: 0 });
  }
  projects.forEach(refresh);
  let last: ProjectTurn | undefined;

  function refresh(turn: ProjectTurn): void {
    const open = turn.lines.peek();
    turn.head = open?.line.jobs[open.next];
    if (turn.head) {
      turn.needsLoan = !turn.hasGuarantee || !scene.isGuaranteed(turn.head);
      turn.at = open!.at + turn.head.priority * priorityMs + fairFactor * turn.share;
    }
  }

  function isEarlier(a: ProjectTurn, b: ProjectTurn): boolean {
    if (a.needsLoan !== b.needsLoan) {
      return b.needsLoan;
    }
    return a.at < b.at || (a.at === b.at && isBefore(a.head!, b.head!));
  }

  return {
    next(): { line: Line; job: QueuedJob } | undefined {
      last = undefined;
      for (const turn of projects.values()) {
        if (turn.head && (!last || isEarlier(turn, last))) {
          last = turn;
        }
      }
      return last && { line: last.lines.peek()!.line, job: last.head! };
    },
    /** Nothing more of the line whose turn it was in this round. */
    close(): void {
      last!.lines.pop();
      refresh(last!);
    },
    /** The head of the line whose turn it was started; the next of the line is its head now. */
    started(): void {
      const { line, next } = last!.lines.pop()!;
      const head = line.jobs[next + 1];
      if (head) {
        last!.lines.push({ at: head.rank, line, next: next + 1 });
      }
      last!.share = scene.shareOf(last!.project);
      refresh(last!);
    }
  };
}
