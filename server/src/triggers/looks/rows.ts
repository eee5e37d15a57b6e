import type { SecretReference } from '@slipway/schema';
import { digest, keyNow, type Look, type PolledOf } from './look';
import { readPostgres } from './postgres';
import { readSqlite } from './sqlite';

/** More do not tell a change, they are the data. */
const MOST_ROWS = 1_000;
const MOST_TOLD = 100;

/** Rows of a query, which only reads. @throws what the database says, without what the secret holds */
export async function lookAtRows(deps: { python: string; secretOf(reference: SecretReference): Promise<string> }, source: PolledOf<'query'>, before: unknown): Promise<Look> {
  const where = source.sqlite ?? 'PostgreSQL';
  const fail = (cause: unknown): never => {
    throw new Error(`The query on ${where} fails: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  };
  const rows = await (source.postgres ? readPostgres(await deps.secretOf(source.postgres), source, MOST_ROWS + 1) : readSqlite(deps.python, source.sqlite!, source, MOST_ROWS + 1)).catch(fail);
  if (rows.length > MOST_ROWS) {
    throw new Error(`The query on ${where} gives more than ${MOST_ROWS} rows: ask for what tells a change, a count or the newest time.`);
  }
  const now = digest(rows);
  const isNew = before !== null && (before as { digest: string }).digest !== now;
  return { state: { digest: now }, signal: isNew ? { key: keyNow(now), reason: `The query on ${where} gives other rows.`, data: { rows: rows.slice(0, MOST_TOLD) } } : null };
}
