import type { Scalar } from '@slipway/schema';
import { Client } from 'pg';

const CONNECT_MS = 5_000;
const STATEMENT_MS = 15_000;
const ANSWER_MS = 20_000;

/** At most `most` rows of a PostgreSQL database: one statement in a transaction that cannot write, values bound, its time limited. */
export async function readPostgres(url: string, { sql, args }: { sql: string; args: readonly Scalar[] }, most: number): Promise<unknown[][]> {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new Error('the secret holds no URL that begins with postgresql://');
  }
  const client = clientOf(url);
  client.on('error', () => undefined); // told by the query that is under way
  try {
    await client.connect();
    await client.query('begin transaction read only');
    // As rows of another query they end where there are too many; the extended protocol refuses a second statement.
    const { rows } = await client.query<unknown[]>({ text: `select * from (\n${sql.replace(/;\s*$/, '')}\n) asked limit ${most}`, values: [...args], rowMode: 'array', queryMode: 'extended', types: AS_TEXT } as never);
    return rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What a value is written as tells a change; what it means does not matter. */
const AS_TEXT = { getTypeParser: () => (text: unknown) => text };

function clientOf(url: string): Client {
  try {
    return new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, statement_timeout: STATEMENT_MS, query_timeout: ANSWER_MS, application_name: 'slipway trigger' });
  } catch {
    throw new Error('the secret holds a URL that cannot be read'); // the reason may quote it, with its password
  }
}
