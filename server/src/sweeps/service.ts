import type { ExtendSweep, NewSweep, PipelineVersion, Sweep, SweepImportances, SweepState, SweepTrial } from '@slipway/schema';
import type { Updateable } from 'kysely';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Log } from '../core/log';
import { createLoop } from '../core/loop';
import { isUuid } from '../core/uuid';
import type { Db } from '../database';
import type { Events } from '../events';
import { checkParams, decodeCursor, encodeCursor, withOptions, type Pipelines } from '../pipelines';
import { isDatabaseAway } from '../scheduler';
import { createBeginning } from './beginning';
import { activeMs, createConduct, unlessDeleted } from './conduct';
import { toSweep, toTrial } from './mapping';
import { createOptimizer, type WorkersPort } from './optimizer';
import type { TrackingPort } from './ports';
import { createPruning } from './pruning';
import { gridSize } from './space';
import * as store from './store';
import { importancesOf } from './study';
import type { SweepRow, SweepTable } from './tables';

const LOOK_MS = 1_000;
/** So that each run’s news is not a question. */
const REST_MS = 50;
const MOST_TRIALS = 10_000;
const OVER: readonly SweepState[] = ['succeeded', 'failed', 'cancelled'];

export interface SweepDeps {
  db: Db;
  events: Events;
  log: Log;
  pipelines: Pick<Pipelines, 'startRun' | 'cancel' | 'definitions' | 'onMeasured'>;
  tracking: TrackingPort;
  kernels: WorkersPort;
  /** For the scratch of Optuna's process. */
  folder: string;
}

export type Sweeps = ReturnType<typeof createSweeps>;

/** Searches over a pipeline's params: each trial is a run of it, and Optuna says which params are next. */
export function createSweeps(deps: SweepDeps) {
  const { db, events, log, pipelines, tracking } = deps;
  const optimizer = createOptimizer(deps);
  const conduct = createConduct({ ...deps, optimizer });
  const begin = createBeginning(deps);
  const pruning = createPruning({ ...deps, optimizer });
  const loop = createLoop({ work: conduct.work, everyMs: LOOK_MS, restMs: REST_MS, log, what: 'looking after sweeps', isExpected: isDatabaseAway });
  let unsubscribe: (() => void)[] = [];

  async function existing(id: string): Promise<SweepRow> {
    const row = isUuid(id) ? await store.sweepById(db, id) : undefined;
    if (!row) {
      throw new NotFound('sweep_not_found', `There is no sweep ${id}.`);
    }
    return row;
  }

  async function show(rows: SweepRow[]): Promise<Sweep[]> {
    const ids = rows.map(r => r.id);
    const [counts, best] = await Promise.all([store.countsOf(db, ids), store.bestOf(db, ids)]);
    return rows.map(row => toSweep(row, counts.filter(c => c.sweep_id === row.id), best.find(b => b.sweep_id === row.id)));
  }

  const get = async (id: string): Promise<Sweep> => (await show([await existing(id)]))[0]!;

  /** Goes from one state to another, unless it is not in one that allows it. */
  async function move(id: string, from: readonly SweepState[], verb: string, set: (now: SweepRow) => Updateable<SweepTable>): Promise<Sweep> {
    await existing(id);
    await conduct.change(id, async (tx, now) => {
      if (!from.includes(now.state)) {
        throw new Conflict('sweep_state', `The sweep is ${now.state}: only one that is ${from.join(' or ')} can be ${verb}.`);
      }
      await store.updateSweep(tx, id, set(now));
      if (OVER.includes(now.state)) {
        await unlessDeleted(() => tracking.reopenRun(tx, now.mlflow_run_id));
      }
    });
    loop.poke();
    return get(id);
  }

  async function create(ask: NewSweep, userId: string): Promise<Sweep> {
    const id = await begin(ask, userId);
    loop.poke();
    return get(id);
  }

  function extended(now: SweepRow, ask: ExtendSweep): Updateable<SweepTable> {
    const wanted = now.max_trials + ask.trials;
    if (wanted > MOST_TRIALS) {
      throw new Conflict('too_many_trials', `A sweep has at most ${MOST_TRIALS} trials; start another that learns from this one (warmStart).`);
    }
    const most = now.spec.sampler.kind === 'grid' ? Math.min(wanted, gridSize(now.spec.space)) : wanted;
    if (most === now.max_trials) {
      throw new Conflict('grid_exhausted', `Every point of the grid is tried, or about to be: there are ${most}.`);
    }
    const isOver = OVER.includes(now.state);
    return {
      max_trials: most,
      ...(ask.maxParallel !== undefined && { max_parallel: ask.maxParallel }),
      ...(ask.timeLimitMs !== undefined && { time_limit_ms: ask.timeLimitMs }),
      ...(ask.patience !== undefined && { patience: ask.patience }),
      ...(isOver && { state: 'running' as const, why: null, ended_at: null }),
      active_ms: 0,
      active_since: now.state === 'paused' ? null : new Date(),
      judged_from: new Date()
    };
  }

  return {
    create,
    get,
    async list(query: { limit: number; cursor?: string; pipeline?: string; state?: SweepState }): Promise<{ items: Sweep[]; nextCursor?: string }> {
      const rows = await store.listSweeps(db, { ...query, limit: query.limit + 1 }, query.cursor === undefined ? null : decodeCursor(query.cursor));
      const shown = rows.slice(0, query.limit);
      return { items: await show(shown), ...(rows.length > query.limit && { nextCursor: encodeCursor(shown.at(-1)!) }) };
    },
    async trials(id: string, query: { limit: number; cursor?: string }): Promise<{ items: SweepTrial[]; nextCursor?: string }> {
      await existing(id);
      if (query.cursor !== undefined && !/^\d{1,9}$/.test(query.cursor)) {
        throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
      }
      const rows = await store.trialsOf(db, id, query.limit + 1, query.cursor === undefined ? -1 : Number(query.cursor));
      const shown = rows.slice(0, query.limit);
      return { items: shown.map(toTrial), ...(rows.length > query.limit && { nextCursor: String(shown.at(-1)!.number) }) };
    },
    /** The objective while a trial ran; values JSON cannot hold are left out. */
    async reports(id: string, number: string): Promise<{ points: { step: number; value: number }[] }> {
      await existing(id);
      const trial = /^\d{1,9}$/.test(number) ? (await store.trialsOf(db, id, 1, Number(number) - 1)).find(t => t.number === Number(number)) : undefined;
      if (!trial) {
        throw new NotFound('trial_not_found', `The sweep has no trial ${number}.`);
      }
      return { points: (await store.reportsOf(db, { sweepId: id, number: Number(number) })).filter(p => Number.isFinite(p.value)) };
    },
    /** What the newest version of a pipeline is known to measure. */
    async metrics(pipeline: string): Promise<{ names: string[] | null }> {
      const { row } = await pipelines.definitions.versionWith(pipeline);
      return { names: await store.knownMetrics(db, pipeline, row.content_hash) };
    },
    async importances(id: string, method: string): Promise<SweepImportances> {
      return { method, params: await importancesOf(db, optimizer, await existing(id), method) };
    },
    /** What runs goes on; nothing more is asked. */
    pause: (id: string): Promise<Sweep> => move(id, ['running'], 'paused', now => ({ state: 'paused', active_ms: activeMs(now), active_since: null })),
    resume: (id: string): Promise<Sweep> => move(id, ['paused'], 'resumed', () => ({ state: 'running', active_since: new Date(), judged_from: new Date() })),
    /** Runs of its trials are cancelled with it. */
    cancel: (id: string): Promise<Sweep> => move(id, ['running', 'paused', 'stopping'], 'cancelled', () => ({ state: 'stopping', ends_as: 'cancelled', why: 'It was cancelled.' })),
    /** @throws Conflict `grid_exhausted`, `sweep_state` while it is stopping */
    extend: (id: string, ask: ExtendSweep): Promise<Sweep> => move(id, ['running', 'paused', ...OVER], 'given more trials', now => extended(now, ask)),
    /**
     * Makes the best trial's params those of the pipeline: its newest version's
     * cells with other values, which were tried, so that nothing is checked anew.
     *
     * @throws Conflict `no_best_trial`; InvalidInput `unknown_param`, `param_type` where the newest version has other params
     */
    async adopt(id: string, userId: string): Promise<PipelineVersion> {
      const { pipeline, spec } = await existing(id);
      const [best] = await store.bestOf(db, [id]);
      if (!best) {
        throw new Conflict('no_best_trial', 'No trial of the sweep has succeeded yet.');
      }
      const { content } = await pipelines.definitions.versionWith(pipeline);
      const params = { ...spec.params, ...best.params };
      checkParams(content, { params, bindings: [], timeZone: 'UTC' });
      return pipelines.definitions.save(pipeline, withOptions({ ...content, paramValues: { ...content.paramValues, ...params } }, content.options), undefined, userId);
    },
    /** Its trials' runs, and its own in MLflow, stay. @throws Conflict `sweep_state` unless it is over */
    async remove(id: string): Promise<void> {
      await existing(id);
      await conduct.change(id, async (tx, now) => {
        if (!OVER.includes(now.state)) {
          throw new Conflict('sweep_state', `The sweep is ${now.state}; cancel it first.`);
        }
        await store.deleteSweep(tx, id);
      });
    },
    /** The process that suggests params; null while nobody asks. */
    optimizerPid: optimizer.pid,
    start(): void {
      unsubscribe = [
        pipelines.onMeasured(pruning.measured),
        events.subscribe(event => {
          if (event.type === 'sweep.changed' || (event.type === 'run.changed' && event.data.isTrial === true)) {
            loop.poke();
          }
        })
      ];
      loop.start();
    },
    async stop(): Promise<void> {
      unsubscribe.forEach(end => end());
      await loop.stop();
      await pruning.stop();
      await optimizer.stop();
    }
  };
}
