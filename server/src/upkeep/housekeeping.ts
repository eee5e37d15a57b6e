import { isDatabaseAway } from '../core/error-handler';
import { eachApart } from '../core/each-apart';
import type { Log } from '../core/log';
import { createLoop, type Loop } from '../core/loop';

const EVERY_MS = 3_600_000;

/** Clears away what grew old, by what it is called: as the daemon starts, and every hour it runs. */
export function createHousekeeping(deps: { chores: Readonly<Record<string, () => Promise<void>>>; log: Log; everyMs?: number | undefined }): Loop {
  const { log } = deps;
  return createLoop({
    work: () => eachApart(Object.entries(deps.chores), ([, chore]) => chore(), { log, what: 'clearing away', about: ([of]) => ({ of }) }),
    everyMs: deps.everyMs ?? EVERY_MS,
    log,
    what: 'clearing away',
    isExpected: isDatabaseAway
  });
}
