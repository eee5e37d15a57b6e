import type { Db } from '../../database';
import { datasetDigests } from '../store';
import { keyNow, type Look, type PolledOf } from './look';

/** What was seen while the daemon was away is told later, with its time: so far behind the newest it still counts. */
const LATE_MS = 24 * 3_600_000;

/** What a dataset is, and what it was lately, each with when it was last seen as that. */
interface State {
  digest: string | null;
  recent: Record<string, string>;
}

export async function lookAtDataset(db: Db, { path }: PolledOf<'dataset'>, earlier: unknown): Promise<Look> {
  const before = (earlier as State | null)?.recent ? (earlier as State) : null;
  const since = before === null ? 0 : newestOf(before.recent) - LATE_MS;
  const seen = (await datasetDigests(db, path, new Date(since))).map(s => [s.digest, s.at.toISOString()] as const);
  const all = { ...before?.recent, ...Object.fromEntries(seen) };
  const newest = newestOf(all);
  const recent = Object.fromEntries(Object.entries(all).filter(([, at]) => Date.parse(at) >= newest - LATE_MS));
  const digest = seen.at(-1)?.[0] ?? before?.digest ?? null;
  // Seen before what it was last, and as that: it has come back.
  const fresh = before === null ? undefined : seen.findLast(([d, at]) => d !== before.digest && at > (before.recent[d] ?? ''))?.[0];
  return { state: { digest, recent }, signal: fresh === undefined ? null : { key: keyNow(fresh), reason: `${path} has a new version, ${fresh.slice(0, 17)}….`, data: { path, digest: fresh } } };
}

/** In milliseconds since 1970; 0 where nothing was seen. */
function newestOf(recent: Record<string, string>): number {
  return Math.max(0, ...Object.values(recent).map(at => Date.parse(at)));
}
