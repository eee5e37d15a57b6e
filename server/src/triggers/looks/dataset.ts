import type { Db } from '../../database';
import { datasetDigests } from '../store';
import type { Look, PolledOf } from './look';

export async function lookAtDataset(db: Db, { path }: PolledOf<'dataset'>, earlier: unknown): Promise<Look> {
  const before = earlier as { since: string; digests: string[] } | null;
  if (!before) {
    const known = await datasetDigests(db, path, new Date(0));
    return { state: { since: new Date(0).toISOString(), digests: known.map(k => k.digest) }, signal: null };
  }
  const fresh = (await datasetDigests(db, path, new Date(before.since))).filter(d => !before.digests.includes(d.digest));
  const newest = fresh.at(-1);
  const state = { ...before, digests: [...before.digests, ...fresh.map(f => f.digest)] };
  return { state, signal: newest ? { key: newest.digest, reason: `${path} has a new version, ${newest.digest.slice(0, 17)}….`, data: { path, digest: newest.digest } } : null };
}
