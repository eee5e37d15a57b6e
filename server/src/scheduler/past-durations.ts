import type { Db } from '../database';
import { historyOf } from './scene-store';

const KEPT_MS = 60_000;
/** From so many on, one more moves the estimate little. */
const ENOUGH = 5;
const MOST_LABELS = 10_000;

/** How long past runs of each step took, in ms; what is asked for again within a minute is remembered. */
export function createPastDurations() {
  const known = new Map<string, { readAt: number; durationsMs: number[] }>();

  return async (db: Db, labels: readonly string[]): Promise<Map<string, number[]>> => {
    const now = Date.now();
    const isFresh = (label: string): boolean => now - (known.get(label)?.readAt ?? -Infinity) < KEPT_MS;
    const fresh = labels.filter(isFresh).map(label => [label, known.get(label)!.durationsMs] as const);
    const read = (await historyOf(db, labels.filter(label => !isFresh(label)))).map(row => [row.label, row.durations_ms.map(Number)] as const);
    if (known.size > MOST_LABELS) {
      known.clear();
    }
    for (const [label, durationsMs] of read) {
      if (durationsMs.length >= ENOUGH) {
        known.set(label, { readAt: now, durationsMs });
      }
    }
    return new Map([...fresh, ...read]);
  };
}
