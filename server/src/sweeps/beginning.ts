import { randomInt, randomUUID } from 'node:crypto';
import type { NewSweep, Scalar } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import type { Db } from '../database';
import type { Events } from '../events';
import type { Pipelines } from '../pipelines';
import type { TrackingPort } from './ports';
import { checkSpace, gridSize, holds } from './space';
import * as store from './store';
import type { WarmTrial } from './tables';

/** Most trials of earlier sweeps that one learns from. */
const WARM_LIMIT = 1_000;

/**
 * Checks what is asked and makes the sweep, with its run in MLflow; gives its id.
 *
 * @throws InvalidInput for what could never run, with its place; NotFound `pipeline_not_found`, `version_not_found`
 */
export function createBeginning(deps: { db: Db; events: Events; pipelines: Pick<Pipelines, 'definitions'>; tracking: TrackingPort }) {
  const { db, events, pipelines, tracking } = deps;

  async function checkObjective(metric: string, pipeline: string, contentHash: string): Promise<void> {
    const known = await store.knownMetrics(db, pipeline, contentHash);
    if (known && !known.includes(metric)) {
      throw new InvalidInput('unknown_metric', `The pipeline measures no ${metric}; it measures: ${known.join(', ') || 'nothing'}.`, { errors: [{ path: 'objective.metric', message: 'not measured' }] });
    }
  }

  /** Trials of earlier sweeps as far as they lie in the space: what is not searched over any more is left out of them. @throws InvalidInput `unknown_sweep`, `warm_start_mismatch` */
  async function warmTrials({ warmStart, objective, space, sampler }: NewSweep): Promise<WarmTrial[]> {
    const rows = await store.sweepsById(db, warmStart);
    warmStart.forEach((id, i) => {
      const errors = [{ path: `warmStart.${i}`, message: id }];
      const found = rows.find(r => r.id === id);
      if (!found) {
        throw new InvalidInput('unknown_sweep', `There is no sweep ${id} to start from.`, { errors });
      }
      const { metric, direction } = found.spec.objective;
      if (metric !== objective.metric || direction !== objective.direction) {
        throw new InvalidInput('warm_start_mismatch', `The sweep ${found.name} ${direction}d ${metric}; only one with the same objective can be learnt from.`, { errors });
      }
    });
    const needsAll = sampler.kind === 'cma-es';
    return (await store.succeededTrials(db, warmStart, WARM_LIMIT)).flatMap(({ params, value }) => {
      const own: [string, Scalar][] = Object.entries(space).flatMap(([name, dimension]) => (holds(dimension, params[name]) ? [[name, params[name]!]] : []));
      return own.length === 0 || (needsAll && own.length < Object.keys(space).length) ? [] : [{ params: Object.fromEntries(own), value: value! }];
    });
  }

  return async function begin(ask: NewSweep, userId: string): Promise<string> {
    const { row: version, content } = await pipelines.definitions.versionWith(ask.pipeline, ask.version);
    checkSpace(content, ask);
    await checkObjective(ask.objective.metric, ask.pipeline, version.content_hash);
    const warm = await warmTrials(ask);
    const name = ask.name ?? `${ask.pipeline} ${(await store.countSweeps(db, ask.pipeline)) + 1}`;
    const { space, params, objective, pruner, maxFailures, warmStart, useCache } = ask;
    const sampler = { ...ask.sampler, seed: ask.sampler.seed ?? randomInt(2 ** 31) };
    const id = randomUUID();
    await db.transaction().execute(async tx => {
      const experimentId = await tracking.ensureExperiment(tx, ask.pipeline);
      const tags = { 'slipway.kind': 'sweep', 'slipway.pipeline': ask.pipeline, 'slipway.version': String(version.version), 'slipway.sweep': id };
      const mlflowRunId = await tracking.createRun(tx, { experimentId, name, userId, startTime: new Date(), tags });
      await store.insertSweep(tx, {
        id,
        name,
        pipeline: ask.pipeline,
        version: version.version,
        spec: JSON.stringify({ space, params, objective, sampler, pruner, maxFailures, warmStart, useCache }),
        warm: JSON.stringify(warm),
        state: 'running',
        ends_as: null,
        why: null,
        mlflow_run_id: mlflowRunId,
        sampler_state: null,
        max_trials: sampler.kind === 'grid' ? Math.min(ask.maxTrials, gridSize(space)) : ask.maxTrials,
        max_parallel: ask.maxParallel,
        time_limit_ms: ask.timeLimitMs ?? null,
        patience: ask.patience ?? null,
        active_since: new Date(),
        created_by: userId,
        ended_at: null
      });
      await events.append(tx, [{ type: 'sweep.changed', subject: id, data: { pipeline: ask.pipeline } }]);
    });
    return id;
  };
}
