import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Scalar } from '@slipway/schema';

const run = promisify(execFile);
const TIMEOUT_MS = 30_000;

/** Python's sqlite3 reads the file: read-only, one statement, values bound, its time limited. */
const READ_ROWS = `
import json, sqlite3, sys, time
path, sql, args, limit, most = json.load(sys.stdin)
db = sqlite3.connect('file:' + __import__('urllib.parse').parse.quote(path) + '?mode=ro', uri=True, timeout=5)
db.execute('pragma query_only = on')
end = time.monotonic() + limit
db.set_progress_handler(lambda: time.monotonic() > end, 10000)
rows = db.execute(sql, args).fetchmany(most)
json.dump([[v.hex() if isinstance(v, bytes) else v for v in row] for row in rows], sys.stdout)
`;

/** At most `most` rows of an SQLite file. */
export async function readSqlite(python: string, path: string, { sql, args }: { sql: string; args: readonly Scalar[] }, most: number): Promise<unknown[][]> {
  const asked = run(python, ['-I', '-c', READ_ROWS], { timeout: TIMEOUT_MS, maxBuffer: 32 * 2 ** 20 });
  asked.child.stdin!.end(JSON.stringify([path, sql, args, TIMEOUT_MS / 2_000, most]));
  const { stdout } = await asked.catch((cause: unknown) => {
    throw new Error(cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().split('\n').at(-1) : String(cause), { cause });
  });
  return JSON.parse(stdout) as unknown[][];
}
