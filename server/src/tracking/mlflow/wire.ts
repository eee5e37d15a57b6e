import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** Marks where a 64-bit integer stands in text that JSON.stringify made; random, so that nobody's text looks like it. */
const MARK = `int8 ${randomUUID()} `;
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g');

/** A body already written as JSON: for lists so long that writing them item by item is what takes the time. */
export class WrittenJson {
  constructor(readonly body: Buffer) {}
}

/** Answers JSON. */
export function sendJson(res: ServerResponse, status: number, value: unknown, headers?: Readonly<Record<string, string>>): void {
  const body = value instanceof WrittenJson ? value.body : Buffer.from(written(value));
  // By hand: express would also hash each answer, for caches that nobody keeps.
  res.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': body.length });
  res.end(body);
}

/**
 * An answer as MLflow writes it: int8 as plain numbers with all their digits,
 * NaN and the infinities as text, and no list that is empty.
 */
export function written(value: unknown): string {
  const text = JSON.stringify(value, (_key, v: unknown) =>
    typeof v === 'bigint' ? `${MARK}${v}` : typeof v === 'number' && !Number.isFinite(v) ? String(v) : Array.isArray(v) && v.length === 0 ? undefined : v
  );
  return text.replaceAll(MARKED, '$1');
}

/** An int8 column as it goes out. */
export function int8(value: string | number | bigint): bigint {
  return BigInt(value);
}
