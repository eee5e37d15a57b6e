import type { Db } from '../database';
import * as store from './store';

/**
 * Keeps which process each attempt is, for who has to end it after a kill of
 * this one. Those that come while others are written go together: where much
 * starts at once, each would wait for the disk.
 */
export function createPidKeeper(db: Db) {
  let gathered: { pids: store.AttemptPid[]; written: Promise<void> } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** Resolves once it is kept. */
  return (fence: store.Fence, pid: number, identity: string | null): Promise<void> => {
    if (!gathered) {
      const pids: store.AttemptPid[] = [];
      const written = last.then(() => {
        gathered = undefined;
        return store.setPids(db, pids);
      });
      gathered = { pids, written };
      last = written.catch(() => undefined);
    }
    gathered.pids.push({ ...fence, pid, identity });
    return gathered.written;
  };
}
