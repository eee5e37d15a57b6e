import type { Pool, PipelineOptions, SetPool } from '@slipway/schema';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import { againIn, type JobRow, type Scheduler } from '../scheduler';
import * as store from './pool-store';

export type Pools = ReturnType<typeof createPools>;

/** Named limits on how many steps run at once, over all pipelines. A step that waits for one is queued, but not given out. */
export function createPools(deps: { db: Db; scheduler: Pick<Scheduler, 'wake'> }) {
  const { db } = deps;

  async function release(names: Iterable<string>): Promise<void> {
    let seated = 0;
    for (const name of new Set(names)) {
      seated += await db.transaction().execute(tx => store.seatNext(tx, name));
    }
    if (seated > 0) {
      deps.scheduler.wake();
    }
  }

  async function get(name: string): Promise<Pool> {
    const pool = (await store.listPools(db)).find(p => p.name === name);
    if (!pool) {
      throw new NotFound('pool_not_found', `There is no pool ${name}.`);
    }
    return pool;
  }

  return {
    release,
    /** A job has ended: what waits for its pool goes on. */
    async releaseOf(jobId: string): Promise<void> {
      await release(await store.poolsOf(db, jobId));
    },
    list: async (): Promise<{ items: Pool[] }> => ({ items: await store.listPools(db) }),
    async set(name: string, pool: SetPool, userId: string): Promise<Pool> {
      await store.upsertPool(db, { name, ...pool, updated_by: userId });
      await release([name]);
      return get(name);
    },
    /** @throws Conflict `pool_in_use` while jobs count against it */
    async remove(name: string): Promise<void> {
      const pool = await get(name);
      if (pool.used + pool.waiting > 0) {
        throw new Conflict('pool_in_use', `${pool.used} jobs hold the pool ${name} and ${pool.waiting} wait for it; remove it once they are over.`);
      }
      await store.deletePool(db, name);
    },
    /** @throws InvalidInput `unknown_pool` for a pool that nobody made */
    async check(options: PipelineOptions | undefined): Promise<void> {
      for (const [step, { pool }] of Object.entries(options?.steps ?? {})) {
        if (pool !== undefined && !(await store.poolByName(db, pool))) {
          throw new InvalidInput('unknown_pool', `options.steps.${step}.pool: There is no pool ${pool}; make it first.`, { errors: [{ path: `options.steps.${step}.pool`, message: `There is no pool ${pool}.` }] });
        }
      }
    },
    seat: (tx: Tx, pools: ReadonlyMap<string, string>): Promise<void> => store.insertSeats(tx, pools),
    giveBack: (tx: Tx, job: JobRow): Promise<void> => store.giveSeatBack(tx, job),
    /** Lets go on what an ended job, wherever it ran, has made room for. */
    async look(): Promise<void> {
      await release(await store.poolsAwaited(db));
    },
    /** Why jobs wait, in a sentence, for those that wait for a pool. */
    async pendingReasons(jobIds: readonly string[]): Promise<Map<string, string>> {
      const waiting = await store.waitingFor(db, jobIds);
      const pools = waiting.length === 0 ? [] : await store.listPools(db);
      const reasonOf = (name: string, dueAt: Date | null): string => {
        const waitMs = dueAt === null ? 0 : dueAt.getTime() - Date.now();
        const pool = pools.find(p => p.name === name);
        return waitMs > 0 ? againIn(waitMs) : `Waits for the pool ${name}: ${pool?.used ?? 0} of ${pool?.slots ?? 0} in use.`;
      };
      return new Map(waiting.map(w => [w.job_id, reasonOf(w.pool, w.due_at)]));
    }
  };
}
