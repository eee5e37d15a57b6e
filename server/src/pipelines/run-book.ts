import { setTimeout as sleep } from 'node:timers/promises';
import type { RunState, SlipwayEvent } from '@slipway/schema';
import type { Updateable } from 'kysely';
import type { Change, Db, Tx } from '../database';
import type { Events, NewEvent } from '../events';
import { whenDatabaseIsBack, type Scheduler } from '../scheduler';
import { advance, type Advance, type AdvanceDeps } from './advance';
import { askApproval, cancelApprovals } from './approval-store';
import { cacheEntryOf } from './cache-store';
import { isFinal, runStateOf } from './dag';
import { copyRun, loadRun, stepAt, type Changes, type LiveRun, type LiveStep } from './live-run';
import { layItems } from './map-store';
import type { Pools } from './pools';
import type { Records } from './records';
import { clearTimers, setTimers } from './run-timers';
import * as store from './run-store';
import { createSerializer } from './serializer';
import type { RunNews } from './run-news';
import { lastMetrics } from './step-outcome';
import type { PipelineRunTable } from './tables';

const LOOK_MS = 5_000;

/** What a transition did to a copy of the run before it is advanced and written. */
export interface Move {
  changes: Changes;
  /** Steps with a fresh result, or a failure that left a notebook. */
  recorded: LiveStep[];
  /** Goes into the cache: fresh results with a key. */
  cached: LiveStep[];
  run?: Updateable<PipelineRunTable>;
}

export const noMove = (): Move => ({ changes: new Map(), recorded: [], cached: [] });

/** The run has moved on since it was read: decide anew. */
export class Stale extends Error {}

const isStale = (err: unknown): boolean => err instanceof Stale || (err instanceof Error && 'code' in err && (err.code === '40P01' || err.code === '40001'));

export interface RunBookDeps {
  db: Db;
  events: Events;
  scheduler: Scheduler;
  records: Records;
  pools: Pools;
  news: RunNews;
  onEnded(runId: string, mlflowRunId: string): void;
}

export type RunBook = ReturnType<typeof createRunBook>;

/**
 * Holds active runs in memory and takes each from one revision to the next:
 * decide on a copy (cache lookups, no transaction open), then write everything
 * at once. When another daemon was faster the decision is made anew.
 */
export function createRunBook(deps: AdvanceDeps & RunBookDeps) {
  const { db, events, scheduler, records } = deps;
  const live = new Map<string, LiveRun>();
  const waiters = new Map<string, ((state: RunState) => void)[]>();
  const serialize = createSerializer();
  let tellMap: (runId: string, ordinal: number) => void = () => undefined;
  let tellOver: (row: LiveRun['row']) => void = () => undefined;

  async function fetch(runId: string): Promise<LiveRun | undefined> {
    const known = live.get(runId) ?? (await loadRun(db, runId));
    return known && copyRun(known);
  }

  function keep(run: LiveRun): void {
    if (isFinal(run.row.status)) {
      tellEnd(run.row);
    } else {
      live.set(run.row.id, run);
    }
  }

  function tellEnd(row: LiveRun['row']): void {
    live.delete(row.id);
    tellOver(row);
    if (row.mlflow_run_id !== null) {
      deps.onEnded(row.id, row.mlflow_run_id);
    }
    waiters.get(row.id)?.forEach(tell => tell(row.status));
    waiters.delete(row.id);
  }

  async function untilFresh<T>(runId: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (err) {
        live.delete(runId); // whatever failed: the database knows best
        if (!isStale(err)) {
          throw err;
        }
      }
    }
  }

  /** Rows that a move brings along: jobs, and what the cache keeps. */
  async function rowsOf(tx: Tx, run: LiveRun, move: Move, next: Advance): Promise<Record<string, Change>> {
    const jobs = await scheduler.queued(tx, next.jobs);
    const cached = run.row.trigger === 'proof' ? [] : move.cached.map(step => {
      const entry = {
        step_key: step.stepKey ?? `${step.baseKey}:${run.row.id}:${step.ordinal}`,
        base_key: step.baseKey!,
        result: JSON.stringify(step.outcome),
        log_key: `${run.row.id}/${step.ordinal}`,
        log_attempt: step.attempts
      };
      return [`cached_${step.ordinal}`, cacheEntryOf(tx, entry, step.node.options.cache?.expiresAfterMs !== undefined)] as const;
    });
    return { ...(jobs && { jobs }), ...Object.fromEntries(cached) };
  }

  /** Writes what else follows from a decision about steps: records, and the news of them. */
  async function write(tx: Tx, run: LiveRun, move: Move, next: Advance, models: Awaited<ReturnType<Records['modelsOf']>>): Promise<void> {
    await deps.pools.seat(tx, next.pools);
    for (const { step, items } of next.maps) {
      await layItems(tx, run.row.id, step.ordinal, items);
    }
    await ask(tx, run, next.asked);
    const recorded = await records.write(tx, run, [...move.recorded, ...next.hits]);
    const isOver = isFinal(run.row.status);
    if (isOver) {
      run.row.models = [];
      if (run.row.status === 'succeeded') {
        run.row.models = await records.register(tx, run, models);
        await records.inputs(tx, run); // a run that ended early has not read all of them
      }
      if (run.row.models.length > 0) {
        await store.setModels(tx, run.row.id, run.row.models);
      }
      const status = run.row.status as 'succeeded' | 'failed' | 'cancelled';
      await records.close(tx, run.row.mlflow_run_id, status);
      await clearTimers(tx, run.row.id);
      await cancelApprovals(tx, run.row.id);
      await deps.news.tell(tx, run, status);
    }
    await events.append(tx, [...recorded, ...newsOf(run, move.changes, run.row.models.length > 0)]);
  }

  /** People are told, and their time begins. */
  async function ask(tx: Tx, run: LiveRun, steps: readonly LiveStep[]): Promise<void> {
    for (const { node, ordinal } of steps) {
      const { instructions, approvers, selfApproval, timeoutMs } = node.human!;
      const expiresAt = timeoutMs === undefined ? null : new Date(Date.now() + timeoutMs);
      await askApproval(tx, { run_id: run.row.id, ordinal, instructions, approvers, self_approval: selfApproval === true, expires_at: expiresAt });
      await setTimers(tx, expiresAt ? [{ run_id: run.row.id, kind: 'approval', ordinal, due_at: expiresAt }] : []);
      await deps.news.tell(tx, run, 'approval', node.name);
    }
  }

  async function attempt(runId: string, decide: (run: LiveRun) => Move, inTx?: (tx: Tx) => Promise<void>): Promise<LiveRun | undefined> {
    const run = await fetch(runId);
    if (!run) {
      return undefined;
    }
    const move = decide(run);
    const next = await advance(run, move.changes, deps);
    const set = { ...move.run, ...summaryOf(run) };
    const models = set.status === 'succeeded' ? await records.modelsOf(run) : [];
    const revision = run.row.revision;
    Object.assign(run.row, { ...move.run, status: set.status, ended_at: set.ended_at, revision: revision + 1 });
    await db.transaction().execute(async tx => {
      await inTx?.(tx);
      if (!(await store.moveRun(tx, runId, revision, { set: { ...set, ...(isFinal(set.status) && { models: '[]' }) }, changes: move.changes, others: await rowsOf(tx, run, move, next) }))) {
        throw new Stale();
      }
      await write(tx, run, move, next, models);
    });
    keep(run);
    await begun(run, next);
    return run;
  }

  /** What a transition set going, once it is committed. */
  async function begun(run: LiveRun, next: Advance): Promise<void> {
    next.maps.forEach(({ step }) => tellMap(run.row.id, step.ordinal));
    await deps.pools.release(next.pools.values());
    if (next.jobs.length > 0) {
      scheduler.wake();
    }
  }

  return {
    begun,
    /** Says who carries maps on, and who is told of each run's end; once, before anything moves. */
    attend(to: { onMap: typeof tellMap; onOver: typeof tellOver }): void {
      tellMap = to.onMap;
      tellOver = to.onOver;
    },
    /** The run as it is known here, to look at. */
    look: fetch,
    /** The database knows more of the run than is known here. */
    forget: (runId: string): boolean => live.delete(runId),
    /**
     * Takes a run one revision on: `decide` changes it in memory, the rest
     * follows. `inTx` runs first in the same transaction. Gives the run as it
     * is then; undefined when there is none.
     */
    move(runId: string, decide: (run: LiveRun) => Move, inTx?: (tx: Tx) => Promise<void>): Promise<LiveRun | undefined> {
      return serialize(runId, () => untilFresh(runId, () => attempt(runId, decide, inTx)));
    },
    /** Work on a run that must not overlap with a move; done again when it throws `Stale`. */
    exclusively<T>(runId: string, work: () => Promise<T>): Promise<T> {
      return serialize(runId, () => untilFresh(runId, () => work().finally(() => live.delete(runId))));
    },
    /** Tells who waits for the run, if it is over. */
    noteEnd(row: LiveRun['row']): void {
      if (isFinal(row.status)) {
        tellEnd(row);
      }
    },
    /** A run just made is known without reading it back. */
    keep,
    rowsOf,
    write,
    /** Resolves with the run's final state. Told at once of an end in this daemon; looks now and then for any other. */
    async ended(runId: string): Promise<RunState> {
      const told = new Promise<RunState>(resolve => waiters.set(runId, [...(waiters.get(runId) ?? []), resolve]));
      for (;;) {
        const row = await whenDatabaseIsBack(() => store.runById(db, runId));
        if (!row || isFinal(row.status)) {
          return row?.status ?? 'failed';
        }
        const state = await Promise.race([told, sleep(LOOK_MS, undefined, { ref: false })]);
        if (state !== undefined) {
          return state;
        }
      }
    }
  };
}

/** What the steps make of the run's row. */
export function summaryOf(run: LiveRun) {
  const isCancelling = run.row.status === 'cancelling';
  const state = runStateOf(run.steps, isCancelling);
  const failed = run.steps.find(s => s.status === 'failed');
  const exitFailed = run.steps.some(s => s.node.isExitHandler && s.status === 'failed');
  const status = state === 'cancelled' && (run.row.timed_out || exitFailed) ? 'failed' : state;
  return {
    status,
    metrics: JSON.stringify(lastMetrics(run.steps.flatMap(s => (s.status === 'succeeded' && s.outcome ? [s.outcome] : [])))),
    error: run.row.timed_out ? 'The run did not end in its time; what still ran was stopped.' : failed ? `The step ${failed.name} failed.` : null,
    ended_at: isFinal(status) ? new Date() : null
  };
}

function newsOf(run: LiveRun, changes: Changes, hasModels: boolean): NewEvent[] {
  const { id, pipeline, status, version, trigger } = run.row;
  return [
    ...[...changes].map(([ordinal, set]) => ({ type: 'step.changed' as const, subject: id, data: { step: stepAt(run, ordinal)!.name, status: set.status, pipeline, version } })),
    { type: 'run.changed', subject: id, data: { pipeline, status, version, ...(trigger === 'sweep' && { isTrial: true }) } },
    ...(isFinal(status) ? [{ type: 'pipeline.changed' as const, subject: pipeline, data: {} }] : []),
    ...(isFinal(status) && hasModels ? run.row.models.map(m => ({ type: 'model.changed' as const, subject: m.name, data: { version: m.version } })) : [])
  ];
}

/** Is it the news that a run is over? */
export const isRunsEnd = ({ type, data }: Pick<SlipwayEvent, 'type' | 'data'>): boolean => type === 'run.changed' && isFinal(data.status as RunState);
