import type { Log } from '../core/log';
import type { Db } from '../database';
import type { Events } from '../events';
import type { JobOutcome, JobRow, NewJob, Scheduler } from '../scheduler';
import { isDatabaseAway, whenDatabaseIsBack } from '../scheduler';
import { logKeyOf, lookUp, newJob, placeOf, takenFrom, type AdvanceDeps } from './advance';
import { insertCacheEntry } from './cache-store';
import { folderOf } from './content';
import { changeStep, failStep, stepAt, type LiveRun, type LiveStep } from './live-run';
import { collected, mapKey } from './map-lists';
import * as store from './map-store';
import type { Pools } from './pools';
import { noMove, type Move, type RunBook } from './run-book';
import { createSerializer } from './serializer';
import { reuseOf, withoutOwnReads } from './settle-step';
import { stepJobSpec, type Given } from './step-job';
import { toOutcome } from './step-outcome';
import type { CacheRow, MapItemRow } from './tables';

/** So many items are looked up and queued in one transaction. */
const BATCH = 64;
const NEWS_MS = 500;

export type Maps = ReturnType<typeof createMaps>;

/**
 * Runs maps: each item is a job of its own, and so many at once as the step
 * says. Items are rows; the run in memory knows only that the map is under way,
 * so that ten thousand of them cost it nothing.
 */
export function createMaps(deps: AdvanceDeps & { db: Db; events: Events; log: Log; scheduler: Scheduler; book: RunBook; pools: Pools }) {
  const { db, scheduler, book } = deps;
  const serialize = createSerializer();
  const underWay = new Set<Promise<void>>();
  const toldAt = new Map<string, number>();
  /** Maps whose next feed has not begun. */
  const awaited = new Set<string>();

  /** Begins as many items as may be under way, and ends the map when none is left. */
  async function feed(runId: string, ordinal: number): Promise<void> {
    for (let isMore = true; isMore; ) {
      const run = await book.look(runId);
      const step = run && stepAt(run, ordinal);
      if (!run || step?.kind !== 'map' || step.status !== 'running') {
        return;
      }
      const { open, failed, cancelled } = await store.countUndone(db, runId, ordinal);
      const map = step.node.options.map!;
      const mayBegin = run.row.status !== 'cancelling' && cancelled === 0 && (failed === 0 || map.mayFail);
      const next = mayBegin && open < map.maxParallel ? await store.nextItems(db, runId, ordinal, Math.min(BATCH, map.maxParallel - open)) : [];
      if (next.length === 0) {
        return open === 0 ? finish(run, step) : undefined;
      }
      isMore = await begin(run, step, next);
    }
  }

  /** True when there may be room for more. */
  async function begin(run: LiveRun, step: LiveStep, items: readonly MapItemRow[]): Promise<boolean> {
    const jobs: { item: MapItemRow; job: NewJob; base: string | null }[] = [];
    const hits: { item: MapItemRow; entry: CacheRow }[] = [];
    for (const item of items) {
      const spec = stepJobSpec(placeOf(run, step), deps.limits, givenOf(step, item));
      const { base, answer } = await lookUp(run, step, spec, item.may_use_cache, deps);
      if (answer.isHit) {
        hits.push({ item, entry: answer.entry });
      } else {
        jobs.push({ item, base, job: newJob(run, step, spec, { logKey: logKeyOf(run.row.id, step.ordinal, item.index), attempt: item.attempts, index: item.index }) });
      }
    }
    const pool = step.node.options.pool;
    await db.transaction().execute(async tx => {
      await scheduler.submit(tx, jobs.map(j => j.job));
      await deps.pools.seat(tx, pool === undefined ? new Map() : new Map(jobs.map(j => [j.job.id, pool])));
      for (const { item, job, base } of jobs) {
        await orStale(store.takeItem(tx, item, { status: 'queued', job_id: job.id, base_key: base, log_key: job.logKey, cached: false, error: null }));
      }
      for (const { item, entry } of hits) {
        await orStale(store.takeItem(tx, item, { status: 'succeeded', ...takenFrom(entry) }));
      }
      if (hits.length > 0) {
        await store.countEnds(tx, run.row.id, step.ordinal, { succeeded: hits.length, failed: 0 });
      }
    });
    tell(run, step);
    await deps.pools.release(pool === undefined ? [] : [pool]);
    scheduler.wake();
    return hits.length > 0 || items.length === BATCH;
  }

  /** Ends the map as its items ended; it goes on where some of them have not. */
  async function finish(run: LiveRun, step: LiveStep): Promise<void> {
    const { id } = run.row;
    const { ordinal } = step;
    const items = await store.countItems(db, id, ordinal);
    const end = endOf(items, step.node.options.map!.mayFail);
    if (end === null) {
      return; // another daemon has begun more
    }
    const results = end === 'succeeded' ? await store.resultsOf(db, id, ordinal) : [];
    const outcome = end === 'succeeded' ? await collected(run, step, results, deps.blobs) : null;
    const message = end === 'failed' ? failureOf(items, (await store.firstFailed(db, id, ordinal))!) : '';
    toldAt.delete(`${id}/${ordinal}`);
    const decide = (live: LiveRun): Move => {
      const move: Move = noMove();
      const mine = stepAt(live, ordinal);
      if (mine?.status !== 'running') {
        return move;
      }
      if (end === 'cancelled') {
        changeStep(mine, move.changes, 'cancelled', { ended_at: new Date() });
      } else if (end === 'failed') {
        failStep(mine, move.changes, 'items_failed', message);
      } else {
        mine.outcome = outcome;
        mine.stepKey = mapKey(results, items.succeeded + items.failed);
        changeStep(mine, move.changes, 'succeeded', { result: JSON.stringify(outcome), step_key: mine.stepKey, ended_at: new Date() });
        move.recorded.push(mine);
      }
      return move;
    };
    await book.move(id, decide, async tx => {
      if (endOf(await store.countItems(tx, id, ordinal), step.node.options.map!.mayFail) !== end) {
        throw new ItemTaken();
      }
    });
  }

  function tell(run: Pick<LiveRun, 'row'>, step: Pick<LiveStep, 'name' | 'ordinal'>): void {
    const key = `${run.row.id}/${step.ordinal}`;
    if (Date.now() - (toldAt.get(key) ?? 0) < NEWS_MS) {
      return;
    }
    toldAt.set(key, Date.now());
    const { id, pipeline, version } = run.row;
    void db.transaction().execute(tx => deps.events.append(tx, [{ type: 'step.changed', subject: id, data: { step: step.name, status: 'running', pipeline, version } }])).catch(() => undefined);
  }

  /** Carries the map on. Of many calls while it is under way one is enough: a feed takes all there is room for. */
  function go(runId: string, ordinal: number): void {
    const key = `${runId}/${ordinal}`;
    if (awaited.has(key)) {
      return;
    }
    awaited.add(key);
    const work = serialize(key, () => {
      awaited.delete(key);
      return whenDatabaseIsBack(() => untilFresh(() => feed(runId, ordinal)));
    })
      .catch((err: unknown) => deps.log[isDatabaseAway(err) ? 'warn' : 'error']({ err, runId, ordinal }, 'a map could not go on'))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  return {
    go,
    /** Stores how the job of an item ended, and lets the next begin. */
    async finished(job: JobRow, at: { runId: string; ordinal: number; index: number }, ended: JobOutcome, settle: (tx: Parameters<typeof scheduler.submit>[0]) => Promise<void>): Promise<void> {
      const run = await book.look(at.runId);
      const step = run && stepAt(run, at.ordinal);
      const row = await store.itemAt(db, at.runId, at.ordinal, at.index);
      if (!run || !step || !row || row.job_id !== job.id) {
        await db.transaction().execute(settle);
        return;
      }
      const outcome = ended.result && withoutOwnReads(toOutcome(ended.result), folderOf(run.content));
      const { isReusable, key } = reuseOf(step, ended.status, outcome, row.base_key);
      await db.transaction().execute(async tx => {
        await settle(tx);
        await store.settleItem(tx, { run_id: at.runId, ordinal: at.ordinal, index: at.index }, job.id, {
          status: ended.status,
          result: outcome && JSON.stringify(outcome),
          step_key: key,
          error: ended.status === 'failed' && ended.error ? JSON.stringify(ended.error) : null,
          attempts: job.attempt,
          log_attempt: job.attempt,
          notebook_digest: ended.result?.notebook?.digest ?? null,
          ended_at: new Date()
        });
        if (isReusable) {
          const entry = { step_key: key ?? `${row.base_key}:${job.log_key}`, base_key: row.base_key!, result: JSON.stringify(outcome), log_key: job.log_key, log_attempt: job.attempt };
          await insertCacheEntry(tx, entry, step.node.options.cache?.expiresAfterMs !== undefined);
        }
        // Last, for all items of the map write this one row.
        await store.countEnds(tx, at.runId, at.ordinal, { succeeded: ended.status === 'succeeded' ? 1 : 0, failed: ended.status === 'failed' ? 1 : 0 });
      });
      tell(run, step);
      go(at.runId, at.ordinal);
    },
    async stop(): Promise<void> {
      await Promise.race([Promise.all(underWay), new Promise(resolve => setTimeout(resolve, 2_000).unref())]);
    }
  };
}

class ItemTaken extends Error {}

async function orStale(taken: Promise<boolean>): Promise<void> {
  if (!(await taken)) {
    throw new ItemTaken();
  }
}

/** Another daemon, or a cancel, was faster: look again. */
async function untilFresh(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (err) {
      if (!(err instanceof ItemTaken) && !(err instanceof Error && 'code' in err && err.code === '40P01')) {
        throw err;
      }
    }
  }
}

/** What its items make of a map; null while some of them may still come to something else. One that was cancelled leaves a hole in the result. */
function endOf(items: Awaited<ReturnType<typeof store.countItems>>, mayFail: boolean): 'succeeded' | 'failed' | 'cancelled' | null {
  if (items.open > 0) {
    return null;
  }
  if (items.cancelled > 0) {
    return 'cancelled';
  }
  if (items.failed > 0 && !(mayFail && (items.waiting > 0 || items.succeeded > 0))) {
    return 'failed';
  }
  return items.waiting > 0 ? null : 'succeeded';
}

function failureOf({ succeeded, failed }: { succeeded: number; failed: number }, first: MapItemRow): string {
  return `${failed} of ${succeeded + failed} items that ran failed; first item ${first.index}: ${first.error?.message ?? 'unknown'}`;
}

/** The item under its name: a plain one is written into a cell, any other is an input. */
function givenOf(step: LiveStep, { item }: MapItemRow): Given {
  const { as } = step.node.options.map!;
  return 'literal' in item ? { literals: { [as]: item.literal } } : { value: { name: as, ...item } };
}
