import { isDatabaseAway } from './error-handler';
import type { Log } from './log';

/**
 * Does `work` for each item, one after the other. What one throws is logged with what `about` tells of it, and
 * the others have their turn: whoever calls comes by again.
 *
 * @throws that the database is away, which concerns them all
 */
export async function eachApart<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>, deps: { log: Log; what: string; about(item: T): object }): Promise<void> {
  for (const item of items) {
    try {
      await work(item);
    } catch (err) {
      if (isDatabaseAway(err)) {
        throw err;
      }
      deps.log.error({ err, ...deps.about(item) }, `${deps.what} failed; the others go on`);
    }
  }
}
