import { InvalidInput } from '../../core/errors';
import type { Db } from '../../database';
import type { Expected } from '../policy';
import { jobsById } from '../store';
import type { JobRow } from '../tables';
import * as store from './store';

export interface Page {
  limit: number;
  cursor?: string;
}

interface Rows {
  rows: JobRow[];
  nextCursor?: string;
}

/** Newest first. */
export async function newestPage(db: Db, filter: store.JobFilter, { limit, cursor }: Page): Promise<Rows> {
  const after = cursor === undefined ? null : readId(cursor);
  const rows = await store.newestJobs(db, filter, { limit: limit + 1, after });
  return { rows: rows.slice(0, limit), ...(rows.length > limit && { nextCursor: rows[limit - 1]!.id }) };
}

/**
 * What waits, in the order it starts: first those expected next, across
 * projects; then the others by rank, which is the order within a project. A
 * cursor is a place among the first (`12`), or the last one shown of the others
 * (`RANK~ID`).
 */
export async function queuePage(db: Db, filter: store.JobFilter, expected: ReadonlyMap<string, Expected>, { limit, cursor = '0' }: Page): Promise<Rows> {
  const ahead = [...expected.keys()];
  const from = readPlace(cursor);
  const wanted = typeof from === 'number' ? await store.queuedOf(db, filter, ahead) : [];
  const matching = new Set(wanted);
  const next = typeof from === 'number' ? ahead.filter(id => matching.has(id)).slice(from, from + limit) : [];
  const byId = new Map((await jobsById(db, next)).map(row => [row.id, row]));
  const first = next.flatMap(id => byId.get(id) ?? []);
  if (typeof from === 'number' && wanted.length > from + limit) {
    return { rows: first, nextCursor: String(from + limit) };
  }
  const room = limit - first.length;
  const others = await store.queuedByRank(db, filter, { limit: room + 1, after: typeof from === 'number' ? null : from, except: ahead });
  const shown = others.slice(0, room);
  const last = shown.at(-1);
  const nextCursor = last ? `${last.rank}~${last.id}` : String(wanted.length); // a full page of the first, and others wait
  return { rows: [...first, ...shown], ...(others.length > room && { nextCursor }) };
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** @throws {InvalidInput} `invalid_cursor` */
function readPlace(cursor: string): number | { rank: number; id: string } {
  const [, rank, id] = new RegExp(`^(-?[\\d.e+-]{1,40})~(${UUID})$`).exec(cursor) ?? [];
  if (rank !== undefined && id !== undefined && Number.isFinite(Number(rank))) {
    return { rank: Number(rank), id };
  }
  return /^\d{1,9}$/.test(cursor) ? Number(cursor) : refuse();
}

/** @throws {InvalidInput} `invalid_cursor` */
const readId = (cursor: string): string => (new RegExp(`^${UUID}$`).test(cursor) ? cursor : refuse());

function refuse(): never {
  throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
}
