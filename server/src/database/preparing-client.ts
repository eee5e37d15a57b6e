import { createHash } from 'node:crypto';
import { Client } from 'pg';

/** Sent so often, a statement is worth a plan of its own. */
const OFTEN = 20;
/** Each is kept by every connection. */
const MOST_PREPARED = 100;
const MOST_COUNTED = 2_000;

const counts = new Map<string, number>();
const names = new Map<string, string>();

/**
 * Has PostgreSQL keep the plans of what is sent again and again: a short
 * statement takes longer to plan than to carry out. Only of those whose plan
 * does not hang on their values: what searches, sorts or cuts off is planned
 * for the values it is asked for.
 */
export class PreparingClient extends Client {
  // The overloads of `query` are many; all but the one that kysely and our stores use pass as they are.
  override query = ((...args: unknown[]): unknown => {
    const [text, values] = args;
    const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
    const query = Client.prototype.query as (...rest: unknown[]) => unknown;
    return name === undefined ? query.apply(this, args) : query.call(this, { name, text, values }, ...args.slice(2));
  }) as Client['query'];
}

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_PREPARED) {
    return known;
  }
  const count = (counts.get(text) ?? 0) + 1;
  if (count < OFTEN || !isPlain(text)) {
    if (counts.size >= MOST_COUNTED) {
      counts.clear();
    }
    counts.set(text, count);
    return undefined;
  }
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}

/** A change, or a look by a key. */
function isPlain(text: string): boolean {
  const isChange = /^\s*(insert|update|delete|with\s+\w+\s+as\s+\(\s*(insert|update|delete))\b/i.test(text);
  return (isChange || (text.length < 400 && /^\s*select\b/i.test(text))) && !/\b(order by|limit|join|skip locked|ilike|like)\b/i.test(text);
}
