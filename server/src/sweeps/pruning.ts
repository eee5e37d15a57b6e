import type { LiveMetric } from '@slipway/kernels-bridge';
import type { Log } from '../core/log';
import type { Db } from '../database';
import type { Events } from '../events';
import type { Pipelines } from '../pipelines';
import type { Optimizer } from './optimizer';
import * as store from './store';
import { judge } from './study';

const KNOWN = 1_000;
/** Reports of a sweep are news at most so often. */
const NEWS_MS = 1_000;

/**
 * Keeps what running trials measure of their objective, and stops those that
 * the pruner gives up. Of each step the first value counts, as in Optuna: an
 * attempt that starts again measures the same once more.
 */
export function createPruning(deps: { db: Db; events: Events; log: Log; optimizer: Optimizer; pipelines: Pick<Pipelines, 'cancel'> }) {
  const { db, events, log, optimizer } = deps;
  const trials = new Map<string, Promise<store.TrialOfRun | undefined>>();
  const judging = new Map<string, Promise<void>>();
  const toldAt = new Map<string, number>();

  function trialOf(runId: string): Promise<store.TrialOfRun | undefined> {
    let known = trials.get(runId);
    if (!known) {
      trials.size >= KNOWN && trials.clear();
      known = store.trialOfRun(db, runId);
      trials.set(runId, known);
      known.catch(() => trials.delete(runId));
    }
    return known;
  }

  /** Takes in what a run measured; runs of no sweep are none of its business. */
  async function measured(runId: string, points: readonly LiveMetric[]): Promise<void> {
    const trial = await trialOf(runId);
    const own = trial ? points.filter(p => p.name === trial.metric && p.step >= 0) : [];
    if (!trial || own.length === 0) {
      return;
    }
    const at = { sweepId: trial.sweep_id, number: trial.number };
    const fresh = await db.transaction().execute(async tx => {
      const steps = await store.insertReports(tx, at, own);
      if (steps.length > 0 && Date.now() - (toldAt.get(at.sweepId) ?? 0) > NEWS_MS) {
        toldAt.set(at.sweepId, Date.now());
        await events.append(tx, [{ type: 'sweep.changed', subject: at.sweepId, data: { trial: at.number } }]);
      }
      return steps;
    });
    if (fresh.length > 0 && trial.pruner !== 'none') {
      queue(runId, at, fresh);
    }
  }

  /** One judgement of a trial after the other, beside the run that goes on. */
  function queue(runId: string, at: { sweepId: string; number: number }, steps: readonly number[]): void {
    const before = judging.get(runId) ?? Promise.resolve();
    const next = before
      .then(() => consider(runId, at, steps))
      .catch((err: unknown) => log.warn({ err, runId }, 'a trial could not be judged; it goes on'))
      .finally(() => judging.get(runId) === next && judging.delete(runId));
    judging.set(runId, next);
  }

  async function consider(runId: string, at: { sweepId: string; number: number }, steps: readonly number[]): Promise<void> {
    const sweep = await store.sweepById(db, at.sweepId);
    if (!sweep) {
      return;
    }
    const { step, attrs } = await judge(db, optimizer, sweep, at.number, steps);
    if (step === null) {
      await store.updateTrial(db, at, { attrs: JSON.stringify(attrs) });
      return;
    }
    const isMarked = await db.transaction().execute(async tx => {
      const marked = await store.markPruned(tx, at, attrs);
      marked && (await events.append(tx, [{ type: 'sweep.changed', subject: at.sweepId, data: { trial: at.number } }]));
      return marked;
    });
    if (isMarked) {
      log.info({ sweepId: at.sweepId, trial: at.number, step }, 'a trial is pruned');
      await deps.pipelines.cancel(runId); // if this is lost, whoever looks after the sweep next does it
    }
  }

  return {
    measured,
    async stop(): Promise<void> {
      await Promise.all(judging.values());
    }
  };
}
