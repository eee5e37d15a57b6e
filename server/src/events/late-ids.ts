/** A transaction may commit its events after later ones: for so long they are asked for. */
const WAIT_MS = 30_000;
/** Ids that were never used: of transactions rolled back, and of a sequence that skips after a crash. */
const MOST = 5_000;

/** Ids passed over because nobody saw them: events under way, or none at all. */
export function createLateIds() {
  const passed = new Map<string, number>();

  return {
    /** Ids between the last one seen and this one are awaited. */
    passOver(last: string, next: string, now: number): void {
      for (let id = BigInt(last) + 1n; id < BigInt(next) && passed.size < MOST; id++) {
        passed.set(String(id), now + WAIT_MS);
      }
    },
    /** Those still awaited. */
    awaited(now: number): string[] {
      passed.forEach((until, id) => until < now && passed.delete(id));
      return [...passed.keys()];
    },
    found: (id: string): boolean => passed.delete(id)
  };
}
