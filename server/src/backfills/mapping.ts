import type { Backfill, BackfillItem } from '@slipway/schema';
import type { ItemRow } from './store';
import type { BackfillRow } from './tables';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** Which intervals each of a backfill’s counts is about. */
export const COUNTED: Record<'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled', BackfillItem['state'][]> = {
  waiting: ['waiting'],
  running: ['queued', 'running', 'cancelling'],
  succeeded: ['succeeded'],
  failed: ['failed', 'refused'],
  cancelled: ['cancelled']
};

export function toBackfill(row: BackfillRow, counts: readonly { state: BackfillItem['state']; count: number }[]): Backfill {
  const of = (states: readonly BackfillItem['state'][]): number => counts.filter(c => states.includes(c.state)).reduce((sum, c) => sum + c.count, 0);
  return {
    id: row.id,
    pipeline: row.pipeline,
    version: row.version,
    ...row.spec,
    maxConcurrent: row.max_concurrent,
    state: row.state,
    counts: {
      total: counts.reduce((sum, c) => sum + c.count, 0),
      waiting: of(COUNTED.waiting),
      running: of(COUNTED.running),
      succeeded: of(COUNTED.succeeded),
      failed: of(COUNTED.failed),
      cancelled: of(COUNTED.cancelled)
    },
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    endedAt: iso(row.ended_at)
  };
}

export function toItem(row: ItemRow): BackfillItem {
  return {
    ordinal: row.ordinal,
    dataInterval: { start: row.interval_start.toISOString(), end: row.interval_end.toISOString() },
    state: row.state,
    runId: row.run_id,
    tries: row.tries,
    error: row.error,
    durationMs: row.started_at && row.ended_at ? Math.max(0, row.ended_at.getTime() - row.started_at.getTime()) : null
  };
}
