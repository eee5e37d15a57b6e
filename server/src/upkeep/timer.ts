import type { Log } from '../core/log';
import type { Db } from '../database';
import { claim } from './store';

const LOOK_MS = 60_000;
const SWEEP_EVERY_MS = 3_600_000;

/** Holds the rules once an hour; of several daemons one. */
export function createUpkeepTimer(deps: { db: Db; sweep: () => Promise<object>; log: Log; lookMs?: number; sweepEveryMs?: number }) {
  const { db, log } = deps;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      if (await claim(db, 'swept_at', deps.sweepEveryMs ?? SWEEP_EVERY_MS)) {
        log.info(await deps.sweep(), 'rules of retention were held');
      }
    } catch (err) {
      log.warn({ err }, 'rules of retention could not be held; trying again');
    }
  }

  return {
    start(): void {
      timer = setInterval(() => void (working = working.then(look)), deps.lookMs ?? LOOK_MS);
      timer.unref();
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await working;
    }
  };
}
