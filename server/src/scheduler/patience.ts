import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../core/error-handler';

export { isDatabaseAway };

/** Does `work`, again and again while the database is away; any other error is thrown. */
export async function whenDatabaseIsBack<T>(work: () => Promise<T>, mayGoOn: () => boolean = () => true): Promise<T> {
  for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2_000)) {
    try {
      return await work();
    } catch (err) {
      if (!isDatabaseAway(err) || !mayGoOn()) {
        throw err;
      }
    }
    await sleep(delayMs);
  }
}
