import { Unavailable } from '../core/errors';

/** Something that holds a slot while its process lives. */
export interface SlotHolder {
  isIdle(): boolean;
  /** Ends the process, which gives the slot back. */
  stop(): Promise<void>;
}

/**
 * At most `total` model processes live at once. A new one displaces the idle
 * one that was asked longest ago, and waits while all are busy.
 */
export function createSlots(total: number, waitMs: number) {
  /** Least recently asked first. */
  const holders = new Set<SlotHolder>();
  const waiting: (() => void)[] = [];

  async function hasRoom(): Promise<boolean> {
    if (holders.size >= total) {
      const idle = [...holders].find(h => h.isIdle());
      await idle?.stop();
    }
    return holders.size < total;
  }

  return {
    /** @throws {Unavailable} `no_worker_free` when all stay busy for too long */
    async take(holder: SlotHolder): Promise<void> {
      for (const end = Date.now() + waitMs; !holders.has(holder); ) {
        if (await hasRoom()) {
          holders.add(holder);
        } else if (Date.now() >= end) {
          throw new Unavailable('no_worker_free', `All ${total} models that may be served at once are busy; try again shortly.`);
        } else {
          await nextChange(end - Date.now());
        }
      }
    },
    /** Marks the holder as the last one asked. */
    touch(holder: SlotHolder): void {
      if (holders.delete(holder)) {
        holders.add(holder);
      }
    },
    release(holder: SlotHolder): void {
      holders.delete(holder);
      waiting.shift()?.();
    },
    /** Called when a holder has become idle: somebody may wait for its slot. */
    becameIdle: (): void => waiting.shift()?.()
  };

  function nextChange(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      waiting.push(() => (clearTimeout(timer), resolve()));
    });
  }
}
export type Slots = ReturnType<typeof createSlots>;
