import type { Db } from '../database';
import { createLateIds } from './late-ids';
import * as store from './store';
import type { EventRow } from './tables';

const PAGE = 500;

/**
 * Reads each event once, in order of id, but for those whose transaction
 * commits after a later one's: ids passed over are asked for a while. What it
 * has read it knows in memory; one that is new begins after what `from` says.
 */
export function createNewsReader(deps: { db: Db; from(): Promise<string> }) {
  const { db } = deps;
  let late = createLateIds();
  let last: string | undefined;

  async function begin(): Promise<string> {
    return (last ??= await deps.from());
  }

  function see(page: readonly EventRow[]): void {
    for (const { id } of page) {
      if (!late.found(id)) {
        late.passOver(last!, id, performance.now());
        last = id;
      }
    }
  }

  return {
    begin,
    /** All that is new, by the page. A page whose taker throws is given again at the next reading. */
    async *pages(): AsyncGenerator<EventRow[]> {
      await begin();
      for (;;) {
        const awaited = late.awaited(performance.now());
        const behind = awaited.length === 0 ? [] : await store.eventsById(db, awaited);
        const ahead = await store.eventsAfter(db, last!, PAGE);
        const page = [...behind, ...ahead];
        if (page.length > 0) {
          yield page;
          see(page);
        }
        if (ahead.length < PAGE) {
          return;
        }
      }
    },
    /** The id up to which all has been read. */
    readTo: (): string | undefined => last,
    /** Begins anew at the next reading. */
    forget(): void {
      last = undefined;
      late = createLateIds();
    }
  };
}

export type NewsReader = ReturnType<typeof createNewsReader>;
