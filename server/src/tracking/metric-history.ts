import { sql } from 'kysely';
import type { Db } from '../database';
import type { MetricRow } from './tables';

/** A point as it is read: numbers as PostgreSQL writes them, of 64 bits too. */
export interface HistoryPoint {
  value: string;
  timestamp: string;
  step: string;
}

/** More than this many points of one metric are put in order by the database, page by page. */
const MOST_HERE = 200_000;

const LEAST = '-9223372036854775808';

/** Points that follow one another: the i-th of each list are one. */
export interface HistoryPiece {
  values: string[];
  timestamps: string[];
  steps: string[];
}

/** Points of one metric by timestamp, step and value, from `offset` on; an identical one stands once. In pieces: a hundred thousand objects take longer than all else. */
export async function metricHistory(db: Db, runId: string, key: string, limit: number, offset: number): Promise<HistoryPiece[]> {
  const { rows } = await sql<{ count: string }>`select coalesce(sum(cardinality(steps)), 0) as count from metric_chunk where run_id = ${runId} and key = ${key}`.execute(db);
  if (Number(rows[0]!.count) > MOST_HERE) {
    const page = await sql<HistoryPoint>`
      select distinct value::text, timestamp, step, value as v from metric where run_id = ${runId} and key = ${key} order by timestamp, step, v limit ${limit} offset ${offset}`.execute(db);
    return [pieceOf(page.rows)];
  }
  const chunks = await sql<Record<keyof HistoryPiece, string>>`
    select steps::text, timestamps::text, "values"::text as values from metric_chunk where run_id = ${runId} and key = ${key}`.execute(db);
  return cutOut(inOrder(chunks.rows), limit, offset);
}

export function pointsOf(pieces: readonly HistoryPiece[]): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  for (const piece of pieces) {
    piece.steps.forEach((step, i) => points.push({ step, timestamp: piece.timestamps[i]!, value: piece.values[i]! }));
  }
  return points;
}

function pieceOf(points: readonly HistoryPoint[]): HistoryPiece {
  return { values: points.map(p => p.value), timestamps: points.map(p => p.timestamp), steps: points.map(p => p.step) };
}

/** Points of chunks, each array as PostgreSQL writes it, by timestamp, step and value: mostly they are so already. */
export function inOrder(chunks: readonly Record<keyof HistoryPiece, string>[]): HistoryPiece[] {
  const pieces = chunks.map(chunk => ({ values: items(chunk.values), timestamps: items(chunk.timestamps), steps: items(chunk.steps) }));
  if (follow(pieces)) {
    return pieces;
  }
  const points = pointsOf(pieces).sort(compare);
  return [pieceOf(points.filter((point, i) => i === 0 || compare(points[i - 1]!, point) !== 0))];
}

/** Whether each point comes after the one before by time, or by step at the same time. */
function follow(pieces: readonly HistoryPiece[]): boolean {
  let [lastTime, lastStep] = [LEAST, LEAST];
  for (const { timestamps, steps } of pieces) {
    for (let i = 0; i < steps.length; i++) {
      const [timestamp, step] = [timestamps[i]!, steps[i]!];
      const later = compareInt8(timestamp, lastTime);
      if (later < 0 || (later === 0 && compareInt8(step, lastStep) <= 0)) {
        return false;
      }
      lastTime = timestamp;
      lastStep = step;
    }
  }
  return true;
}

/** `limit` points from `offset` on. */
export function cutOut(pieces: readonly HistoryPiece[], limit: number, offset: number): HistoryPiece[] {
  let before = 0;
  return pieces.flatMap(piece => {
    const [from, to] = [Math.max(0, offset - before), offset + limit - before];
    before += piece.steps.length;
    return from >= piece.steps.length || to <= 0 ? [] : [{ values: piece.values.slice(from, to), timestamps: piece.timestamps.slice(from, to), steps: piece.steps.slice(from, to) }];
  });
}

const items = (array: string): string[] => array.slice(1, -1).split(',');

function compare(a: HistoryPoint, b: HistoryPoint): number {
  return compareInt8(a.timestamp, b.timestamp) || compareInt8(a.step, b.step) || compareFloat(a.value, b.value);
}

/** Without a sign, as their texts: of a hundred thousand, making numbers is what takes long. */
function compareInt8(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  if (a.startsWith('-') || b.startsWith('-')) {
    return BigInt(a) < BigInt(b) ? -1 : 1;
  }
  return a.length - b.length || (a < b ? -1 : 1);
}

/** NaN counts above all, as PostgreSQL has it. */
function compareFloat(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) ? 1 : Number.isNaN(y) ? -1 : x < y ? -1 : x > y ? 1 : 0;
}

/**
 * At most `most` points of one metric for each run, evenly spaced among all
 * there are (between the steps, where given), the first and the last among them.
 */
export async function sampledHistory(db: Db, runIds: readonly string[], key: string, most: number, steps: { from: bigint; to: bigint } | null): Promise<MetricRow[]> {
  const { rows } = await sql<MetricRow>`
    select * from (
      select m.*, row_number() over w - 1 as i, count(*) over (partition by run_id) as n from metric m
      where run_id = any(${runIds}) and key = ${key} ${steps ? sql`and step between ${String(steps.from)}::int8 and ${String(steps.to)}::int8` : sql``}
      window w as (partition by run_id order by step, timestamp, value)) x
    where n <= ${most} or i = n - 1 or (${most} > 1 and (i = 0 or i * (${most} - 1) / (n - 1) <> (i - 1) * (${most} - 1) / (n - 1)))
    order by array_position(${runIds}::text[], run_id), i`.execute(db);
  return rows;
}
