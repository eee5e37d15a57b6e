import type { MapItem } from '@slipway/schema';
import { InvalidInput, NotFound } from '../core/errors';
import type { Db } from '../database';
import * as store from './map-store';
import type { MapItemRow, StepRow } from './tables';

/** Items of maps, to look at: page by page, and one's log and notebook. */
export function createMapItems(deps: { db: Db; stepOf(runId: string, name: string): Promise<StepRow> }) {
  const { db, stepOf } = deps;
  return {
    async list(runId: string, name: string, query: { limit: number; cursor?: string; from?: number; status?: MapItem['status'] }): Promise<{ items: MapItem[]; nextCursor?: string }> {
      if (query.cursor !== undefined && !/^\d{1,9}$/.test(query.cursor)) {
        throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
      }
      const step = await stepOf(runId, name);
      if (query.status === 'awaiting' || query.status === 'skipped') {
        return { items: [] };
      }
      const after = query.cursor === undefined ? (query.from ?? 0) - 1 : Number(query.cursor);
      const rows = await store.listItems(db, runId, step.ordinal, { limit: query.limit + 1, after, ...(query.status && { status: query.status }) });
      const shown = rows.slice(0, query.limit);
      return { items: shown.map(toItem), ...(rows.length > query.limit && { nextCursor: String(shown.at(-1)!.index) }) };
    },
    /** @throws NotFound `item_not_found` */
    async rowOf(runId: string, name: string, index: number): Promise<MapItemRow> {
      const step = await stepOf(runId, name);
      const row = await store.itemAt(db, runId, step.ordinal, index);
      if (!row) {
        throw new NotFound('item_not_found', `The step ${name} has no item ${index} in this run.`);
      }
      return row;
    }
  };
}

function toItem(row: Awaited<ReturnType<typeof store.listItems>>[number]): MapItem {
  const { error } = row;
  return {
    index: row.index,
    item: 'literal' in row.item ? row.item.literal : null,
    status: row.status,
    cached: row.cached,
    attempts: row.attempts,
    startedAt: row.started_at?.toISOString() ?? null,
    durationMs: row.started_at && row.ended_at ? Math.max(0, row.ended_at.getTime() - row.started_at.getTime()) : null,
    hasNotebook: row.notebook_digest !== null,
    ...(error && { error: { code: error.code, message: error.message, cellId: error.cellId, traceback: error.traceback } })
  };
}
