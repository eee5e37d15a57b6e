import { expectedIn, type View } from '../dispatcher';
import type { Expected } from '../policy';

/** One look serves all who ask about the same time: a page asks for the map and the queue at once, and many have it open. */
const FRESH_MS = 1_000;
/** While it is looked ahead nothing else is done. */
const FORESIGHT = { rounds: 300, budgetMs: 100 };

export interface Outlook {
  view: View;
  /** Milliseconds since the epoch. */
  madeAt: number;
  /** Who starts next, in that order; made when first asked for. */
  expected(): Map<string, Expected>;
}

export type Outlooks = ReturnType<typeof createOutlooks>;

/** The queue and the cluster as they were at most a second ago, and what is expected of them. */
export function createOutlooks(look: () => Promise<View>) {
  let last: { made: Promise<Outlook>; until: number } | undefined;

  async function make(): Promise<Outlook> {
    const madeAt = Date.now();
    const view = await look();
    let expected: Map<string, Expected> | undefined;
    return { view, madeAt, expected: () => (expected ??= expectedIn(view, FORESIGHT)) };
  }

  return {
    now(): Promise<Outlook> {
      if (last && performance.now() < last.until) {
        return last.made;
      }
      const mine = { made: make(), until: Infinity };
      last = mine;
      void mine.made.then(
        () => (mine.until = performance.now() + FRESH_MS),
        () => (mine.until = 0)
      );
      return mine.made;
    },
    /** One that knows of what came before `at`. */
    async since(at: Date): Promise<Outlook> {
      const outlook = await this.now();
      if (outlook.madeAt > at.getTime()) {
        return outlook;
      }
      this.forget();
      return this.now();
    },
    /** Somebody changed something: who asks from now on sees it. */
    forget(): void {
      last = undefined;
    }
  };
}
