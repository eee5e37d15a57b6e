import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { TriggerSource } from '@slipway/schema';
import { globFiles } from '../core/glob';
import type { Db } from '../database';
import { datasetDigests } from './store';
import type { Signal } from './tables';
import { judgeFiles, type FileState } from './watched-files';

const run = promisify(execFile);
const GIT_TIMEOUT_MS = 20_000;
const QUERY_TIMEOUT_MS = 30_000;
const EVERY_MS = { files: 1_000, git: 5_000, dataset: 2_000 } as const;
const SHOWN_FILES = 3;

/** The sources that are looked at again and again; the others come by themselves. */
export type Polled = Extract<TriggerSource, { kind: 'files' | 'git' | 'dataset' | 'query' }>;
export const isPolled = (source: TriggerSource): source is Polled => source.kind === 'files' || source.kind === 'git' || source.kind === 'dataset' || source.kind === 'query';

/** What a look gave: what to hold the next one against, and what has come about since the last. */
export interface Look {
  state: unknown;
  signal: Signal | null;
}

export const everyMs = (source: Polled): number => (source.kind === 'query' ? source.everyMs : EVERY_MS[source.kind]);

/** Looks at a source once. The first look only learns how things are. @throws where it cannot be looked at */
export function createLooks(deps: { db: Db; python: string }) {
  return async (source: Polled, before: unknown): Promise<Look> => {
    switch (source.kind) {
      case 'files':
        return lookAtFiles(source, before as FileState | null);
      case 'git':
        return lookAtBranch(source, before as { commit: string } | null);
      case 'dataset':
        return lookAtDataset(deps.db, source, before as { since: string; digests: string[] } | null);
      case 'query':
        return lookAtRows(deps.python, source, before as { digest: string } | null);
    }
  };
}

async function lookAtFiles({ glob, settleMs }: Extract<Polled, { kind: 'files' }>, before: FileState | null): Promise<Look> {
  const seen = await globFiles(glob);
  const { state, changed } = judgeFiles(before, seen, Date.now(), settleMs);
  const shown = changed.slice(0, SHOWN_FILES).join(', ');
  const more = changed.length > SHOWN_FILES ? ` and ${changed.length - SHOWN_FILES} more` : '';
  const key = digest(changed.map(path => [path, seen.get(path)]));
  return { state, signal: changed.length === 0 ? null : { key, reason: `New or changed: ${shown}${more}.`, data: { files: changed } } };
}

async function lookAtBranch({ repository, branch }: Extract<Polled, { kind: 'git' }>, before: { commit: string } | null): Promise<Look> {
  const { stdout } = await run('git', ['-C', repository, 'rev-parse', '--verify', `refs/heads/${branch}`], { timeout: GIT_TIMEOUT_MS }).catch((cause: unknown) => {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(`git finds no branch ${branch} in ${repository}: ${said}`, { cause });
  });
  const commit = stdout.trim();
  const isNew = before !== null && before.commit !== commit;
  const data = { repository, branch, before: before?.commit ?? null, commit };
  return { state: { commit }, signal: isNew ? { key: commit, reason: `${branch} of ${repository} is at ${commit.slice(0, 10)}.`, data } : null };
}

async function lookAtDataset(db: Db, { path }: Extract<Polled, { kind: 'dataset' }>, before: { since: string; digests: string[] } | null): Promise<Look> {
  if (!before) {
    const known = await datasetDigests(db, path, new Date(0));
    return { state: { since: new Date(0).toISOString(), digests: known.map(k => k.digest) }, signal: null };
  }
  const fresh = (await datasetDigests(db, path, new Date(before.since))).filter(d => !before.digests.includes(d.digest));
  const newest = fresh.at(-1);
  const state = { ...before, digests: [...before.digests, ...fresh.map(f => f.digest)] };
  return { state, signal: newest ? { key: newest.digest, reason: `${path} has a new version, ${newest.digest.slice(0, 17)}….`, data: { path, digest: newest.digest } } : null };
}

/** Python's sqlite3 reads the file: read-only, one statement, values bound, its time limited. */
const READ_ROWS = `
import json, sqlite3, sys, time
path, sql, args, limit = json.load(sys.stdin)
db = sqlite3.connect('file:' + __import__('urllib.parse').parse.quote(path) + '?mode=ro', uri=True, timeout=5)
db.execute('pragma query_only = on')
end = time.monotonic() + limit
db.set_progress_handler(lambda: time.monotonic() > end, 10000)
rows = db.execute(sql, args).fetchmany(1001)
json.dump([[v.hex() if isinstance(v, bytes) else v for v in row] for row in rows], sys.stdout)
`;
const MOST_ROWS = 1_000;

async function lookAtRows(python: string, { sqlite, sql, args }: Extract<Polled, { kind: 'query' }>, before: { digest: string } | null): Promise<Look> {
  const asked = run(python, ['-I', '-c', READ_ROWS], { timeout: QUERY_TIMEOUT_MS, maxBuffer: 32 * 2 ** 20 });
  asked.child.stdin!.end(JSON.stringify([sqlite, sql, args, QUERY_TIMEOUT_MS / 2_000]));
  const { stdout } = await asked.catch((cause: unknown) => {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().split('\n').at(-1) : String(cause);
    throw new Error(`The query on ${sqlite} fails: ${said}`, { cause });
  });
  const rows = JSON.parse(stdout) as unknown[][];
  if (rows.length > MOST_ROWS) {
    throw new Error(`The query on ${sqlite} gives more than ${MOST_ROWS} rows: ask for what tells a change, a count or the newest time.`);
  }
  const now = digest(rows);
  const isNew = before !== null && before.digest !== now;
  // The moment belongs to the key: rows may come back to what they once were.
  return { state: { digest: now }, signal: isNew ? { key: `${now}/${new Date().toISOString()}`, reason: `The query on ${sqlite} gives other rows.`, data: { rows: rows.slice(0, 100) } } : null };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
