import { eachApart } from '../core/each-apart';
import { AppError, NotFound, Unavailable } from '../core/errors';
import type { Log } from '../core/log';
import { personName } from '../core/person-name';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import { mlflowKey, type Pipelines } from '../pipelines';
import { isDatabaseAway } from '../scheduler';
import { OptimizerFailed, type Optimizer } from './optimizer';
import type { TrackingPort } from './ports';
import * as store from './store';
import { suggest } from './study';
import type { SweepRow } from './tables';
import { verdictOn } from './verdict';

export interface ConductDeps {
  db: Db;
  events: Events;
  log: Log;
  pipelines: Pick<Pipelines, 'startRun' | 'cancel' | 'definitions'>;
  tracking: TrackingPort;
  optimizer: Optimizer;
}
type End = NonNullable<SweepRow['ends_as']>;

/** The sweep has changed, is full, or another daemon was first: it is looked at again. */
class NotNow extends Error {}

/**
 * Carries sweeps on: tells how their trials ended, asks for new ones, starts
 * their runs, ends the sweep. Everything is read from the tables each time and
 * each step is one transaction, so that it may break off anywhere: a trial
 * that was asked is there with its params, and its run is made once.
 */
export function createConduct(deps: ConductDeps) {
  const { db, events, log, pipelines, tracking, optimizer } = deps;

  const change = <T>(id: string, work: (tx: Tx, now: SweepRow) => Promise<T>): Promise<T | undefined> =>
    db.transaction().execute(async tx => {
      const now = await store.lockSweep(tx, id);
      if (!now) {
        return undefined; // deleted meanwhile
      }
      const result = await work(tx, now);
      await events.append(tx, [{ type: 'sweep.changed', subject: id, data: { pipeline: now.pipeline } }]);
      return result;
    });

  async function carryOn(sweep: SweepRow): Promise<void> {
    const open = await store.openTrials(db, sweep.id);
    await settle(sweep, open);
    await stopRuns(sweep, open);
    const now = await stopIfDue((await store.sweepById(db, sweep.id)) ?? sweep);
    await startWaiting(now);
    if (now.state === 'running') {
      await askWhileRoom(now);
    }
    await endIfDone(sweep.id);
  }

  async function settle(sweep: SweepRow, open: readonly store.OpenTrial[]): Promise<void> {
    const { metric, direction } = sweep.spec.objective;
    for (const trial of open) {
      const verdict = trial.state === 'running' ? verdictOn(trial, metric) : null;
      if (!verdict) {
        continue;
      }
      await change(sweep.id, async tx => {
        const [before] = await store.bestOf(tx, [sweep.id]);
        const { state, value, error } = verdict;
        const isNew = await store.endTrial(tx, { sweepId: sweep.id, number: trial.number }, { state, value, error, ended_at: trial.ended_at ?? new Date() });
        if (!isNew || value === null) {
          return;
        }
        const isBest = !before || (direction === 'minimize' ? value < before.value! : value > before.value!);
        const best = isBest ? value : before.value!;
        const tags = { 'slipway.best_trial': String(trial.number), 'slipway.best_run': trial.run_id! };
        await unlessDeleted(() => tracking.log(tx, sweep.mlflow_run_id, { metrics: [{ key: mlflowKey(metric), value: best, step: trial.number }], ...(isBest && { tags }) }));
      });
    }
  }

  /** Runs that are to stop, as far as nobody has told them. */
  async function stopRuns(sweep: SweepRow, open: readonly store.OpenTrial[]): Promise<void> {
    for (const trial of open) {
      const isUnwanted = trial.is_pruned || sweep.ends_as === 'cancelled';
      if (isUnwanted && trial.run_id !== null && (trial.status === 'queued' || trial.status === 'running')) {
        await pipelines.cancel(trial.run_id);
      }
    }
  }

  async function stopIfDue(sweep: SweepRow): Promise<SweepRow> {
    const due = sweep.state === 'running' ? await reasonToStop(sweep) : null;
    if (due) {
      await change(sweep.id, (tx, now) => (now.state === 'running' ? store.updateSweep(tx, sweep.id, { state: 'stopping', ...due }) : Promise.resolve()));
      return (await store.sweepById(db, sweep.id)) ?? sweep;
    }
    return sweep;
  }

  async function reasonToStop(sweep: SweepRow): Promise<{ ends_as: End; why: string } | null> {
    const { failures, noBetter } = await store.streaks(db, sweep);
    if (failures >= sweep.spec.maxFailures) {
      return { ends_as: 'failed', why: `${failures} trials in a row failed.` };
    }
    if (sweep.patience !== null && noBetter >= sweep.patience) {
      return { ends_as: 'succeeded', why: `${noBetter} trials in a row were no better than the best.` };
    }
    if (sweep.time_limit_ms !== null && activeMs(sweep) >= Number(sweep.time_limit_ms)) {
      return { ends_as: 'succeeded', why: 'Its time was up.' };
    }
    return null;
  }

  /** Makes runs for trials that have none: a daemon ended in between, or the sweep was paused just then, which only says that no more are asked. */
  async function startWaiting(sweep: SweepRow): Promise<void> {
    for (const trial of await store.openTrials(db, sweep.id)) {
      if (trial.state === 'waiting') {
        await (sweep.ends_as === 'cancelled' ? refuse(sweep, trial.number, 'cancelled', null) : startRun(sweep, trial));
      }
    }
  }

  async function askWhileRoom(sweep: SweepRow): Promise<void> {
    for (;;) {
      const { asked, open } = await store.countTrials(db, sweep.id);
      const now = await store.sweepById(db, sweep.id);
      if (now?.state !== 'running' || asked >= now.max_trials || open >= now.max_parallel || !(await ask(now))) {
        return;
      }
    }
  }

  async function ask(sweep: SweepRow): Promise<boolean> {
    const { number, params, attrs, state } = await suggest(db, optimizer, sweep);
    const isStored = await change(sweep.id, async (tx, now) => {
      const { asked, open } = await store.countTrials(tx, sweep.id);
      if (now.state !== 'running' || asked !== number || asked >= now.max_trials || open >= now.max_parallel) {
        return false;
      }
      await store.insertTrial(tx, { sweep_id: sweep.id, number, params: JSON.stringify(params), attrs: JSON.stringify(attrs), run_id: null, value: null, error: null, ended_at: null });
      await store.updateSweep(tx, sweep.id, { sampler_state: state, why: null });
      return true;
    });
    return isStored === true && startRun(sweep, { number, params });
  }

  async function startRun(sweep: SweepRow, trial: Pick<store.OpenTrial, 'number' | 'params'>): Promise<boolean> {
    const { id, name, spec, pipeline, version, created_by: userId } = sweep;
    const { number } = trial;
    const origin = { reason: `Trial ${number} of the sweep “${name}” by ${personName(userId)}.`, sweep: { id, name, trial: number } };
    const mlflow = { parentRunId: sweep.mlflow_run_id, tags: { 'slipway.sweep': id, 'slipway.trial': String(number) } };
    const ask = { params: { ...spec.params, ...trial.params }, origin, mlflow, trigger: 'sweep' as const, userId, useCache: spec.useCache, version };
    try {
      await pipelines.startRun(pipeline, ask, async (tx, runId) => {
        const now = await store.lockSweep(tx, id);
        const mayStart = now !== undefined && now.ends_as !== 'cancelled';
        if (!mayStart || !(await store.takeTrial(tx, { sweepId: id, number }, { state: 'running', run_id: runId }))) {
          throw new NotNow();
        }
      });
      return true;
    } catch (err) {
      if (err instanceof NotNow || err instanceof NotFound) {
        return false; // where the pipeline was removed: it goes on when that is undone
      }
      if (!(err instanceof AppError) || err instanceof Unavailable) {
        throw err;
      }
      await refuse(sweep, number, 'failed', err.message);
      return true;
    }
  }

  async function refuse(sweep: SweepRow, number: number, state: 'failed' | 'cancelled', error: string | null): Promise<void> {
    await change(sweep.id, tx => store.takeTrial(tx, { sweepId: sweep.id, number }, { state, error, ended_at: new Date() }));
  }

  async function endIfDone(id: string): Promise<void> {
    const [sweep, { asked, open }] = [await store.sweepById(db, id), await store.countTrials(db, id)];
    const isDone = sweep?.state === 'stopping' || (sweep?.state === 'running' && asked >= sweep.max_trials);
    if (!isDone || open > 0) {
      return;
    }
    await change(id, async (tx, now) => {
      const counts = await store.countTrials(tx, id);
      if (counts.open > 0 || (now.state !== 'stopping' && (now.state !== 'running' || counts.asked < now.max_trials))) {
        return;
      }
      const hasBest = (await store.bestOf(tx, [id])).length > 0;
      const state: End = now.ends_as ?? (hasBest ? 'succeeded' : 'failed');
      const why = now.why ?? (state === 'failed' ? 'No trial succeeded.' : null);
      await store.updateSweep(tx, id, { state, ends_as: null, why, ended_at: new Date(), active_ms: activeMs(now), active_since: null });
      await unlessDeleted(() => tracking.finishRun(tx, now.mlflow_run_id, ({ succeeded: 'FINISHED', failed: 'FAILED', cancelled: 'KILLED' } as const)[state], new Date()));
    });
  }

  /** What the optimizer cannot do ends the sweep; that it is away is said, and passes. */
  async function tell(sweep: SweepRow, err: OptimizerFailed | Unavailable): Promise<void> {
    log.warn({ err, sweepId: sweep.id }, 'a sweep cannot go on');
    if (err instanceof OptimizerFailed) {
      await change(sweep.id, (tx, now) => (now.state === 'running' ? store.updateSweep(tx, sweep.id, { state: 'stopping', ends_as: 'failed', why: err.message }) : Promise.resolve()));
    } else if (sweep.why !== err.message) {
      await change(sweep.id, tx => store.updateSweep(tx, sweep.id, { why: err.message }));
    }
  }

  return {
    change,
    /** Looks after all that are not over; one that cannot go on does not hold up the others. */
    async work(): Promise<void> {
      const carryOnOrTell = async (sweep: SweepRow): Promise<void> => {
        try {
          await carryOn(sweep);
        } catch (err) {
          if (isDatabaseAway(err) || !(err instanceof OptimizerFailed || err instanceof Unavailable)) {
            throw err;
          }
          await tell(sweep, err);
        }
      };
      await eachApart(await store.activeSweeps(db), carryOnOrTell, { log, what: 'carrying on a sweep', about: sweep => ({ sweepId: sweep.id }) });
    }
  };
}

/** Somebody may delete the sweep's own run in MLflow: the search goes on without it. */
export async function unlessDeleted(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (err) {
    if (!(err instanceof AppError)) {
      throw err;
    }
  }
}

/** How long the sweep was under way, pauses left out. */
export function activeMs(sweep: Pick<SweepRow, 'active_ms' | 'active_since'>, now = Date.now()): number {
  return Number(sweep.active_ms) + (sweep.active_since ? Math.max(0, now - sweep.active_since.getTime()) : 0);
}
