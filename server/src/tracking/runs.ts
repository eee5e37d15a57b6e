import { randomUUID } from 'node:crypto';
import { InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import type { Events, NewEvent } from '../events';
import type { Experiments } from './experiments';
import { LIMITS, checkKey, cut } from './limits';
import type { MetricPoint } from './metric-chunks';
import { metricHistory, sampledHistory, type HistoryPiece } from './metric-history';
import { deleteMetrics, insertMetrics, type RunStand } from './metric-store';
import { randomRunName } from './run-names';
import { createMetricWriter } from './metric-writer';
import { createRunNews } from './run-news';
import * as store from './run-store';
import { viewRuns, type RunView } from './run-view';
import type { MetricRow, RunRow, RunStatus } from './tables';

export type Runs = ReturnType<typeof createRuns>;
export interface NewRun {
  /** 32 hex digits; made up where absent. An id known already is that run: sent twice, stored once. */
  id?: string;
  experimentId: string;
  name?: string;
  parentRunId?: string;
  userId: string;
  startTime: Date | bigint;
  tags: Record<string, string>;
}
export interface RunData {
  params?: { key: string; value: string }[];
  metrics?: MetricPoint[];
  tags?: { key: string; value: string }[];
}

/** MLflow's runs. A function that takes `tx` writes in the caller's transaction. */
export function createRuns(deps: { db: Db; events: Events; experiments: Experiments }) {
  const { db, events, experiments } = deps;

  async function find(from: Db, id: string): Promise<RunRow> {
    const row = await store.findRun(from, id);
    if (!row) {
      throw noSuchRun(id);
    }
    return row;
  }

  async function findActive(from: Db, id: string): Promise<RunRow> {
    const row = await store.findRun(from, id);
    const refusal = refusalOf(row, id);
    if (refusal) {
      throw refusal;
    }
    return row!;
  }

  const writer = createMetricWriter({ db, refusalOf, written: createRunNews({ db, events }) });

  const newsOf = (row: { id: string; experiment_id: string }): NewEvent => ({ type: 'run.changed', subject: row.id, data: { experimentId: row.experiment_id } });
  const changed = (tx: Tx, row: { id: string; experiment_id: string }): Promise<void> => events.append(tx, [newsOf(row)]);

  async function logTo(tx: Tx, run: RunRow, data: RunData): Promise<void> {
    checkBatch(data);
    await write(tx, run, data);
    await changed(tx, run);
  }

  async function write(tx: Tx, run: RunRow, data: RunData): Promise<void> {
    if (data.metrics?.length) {
      await insertMetrics(tx, [{ runId: run.id, points: data.metrics }]);
    }
    if (data.params?.length) {
      const params = data.params.map(p => ({ key: p.key, value: cut(p.value, LIMITS.param) }));
      const [other] = await store.insertParams(tx, run.id, params);
      if (other) {
        const given = params.find(p => p.key === other.key)!.value;
        throw new InvalidInput('param_changed', `Changing param values is not allowed. Param with key='${other.key}' was already logged with value='${other.value}' for run ID='${run.id}'. Attempted logging new value '${given}'.`);
      }
    }
    if (data.tags?.length) {
      await store.upsertTags(tx, run.id, data.tags.map(t => ({ key: t.key, value: cut(t.value, LIMITS.tag) })));
      const name = data.tags.findLast(t => t.key === 'mlflow.runName');
      if (name) {
        await store.updateRun(tx, run.id, { name: name.value });
      }
    }
  }

  return {
    find: (id: string): Promise<RunRow> => find(db, id),
    findActive,
    async view(id: string): Promise<RunView> {
      return (await viewRuns(db, [await find(db, id)]))[0]!;
    },
    async create(tx: Tx, input: NewRun): Promise<string> {
      const experiment = await experiments.requireActive(tx, input.experimentId);
      const id = input.id ?? randomUUID().replaceAll('-', '');
      const name = input.name || input.tags['mlflow.runName'] || randomRunName();
      const tags = { ...input.tags, ...(input.parentRunId && { 'mlflow.parentRunId': input.parentRunId }), 'mlflow.runName': name };
      Object.keys(tags).forEach(key => checkKey('tag', key));
      const row = await store.insertRun(tx, {
        id,
        experiment_id: experiment.id,
        name,
        user_id: input.userId,
        status: 'RUNNING',
        start_time: input.startTime instanceof Date ? input.startTime.getTime() : input.startTime,
        end_time: null,
        artifact_uri: `${experiment.artifact_location}/${id}/artifacts`,
        deleted_time: null
      });
      if (row) {
        await store.upsertTags(tx, id, Object.entries(tags).map(([key, value]) => ({ key, value: cut(value, LIMITS.tag) })));
        await changed(tx, row);
      }
      return id;
    },
    /** All or nothing. @throws {InvalidInput} beyond a limit, for a bad key, or where a param has another value already */
    async log(tx: Tx, runId: string, data: RunData): Promise<void> {
      await logTo(tx, await findActive(tx, runId), data);
    },
    /** The same for a run just found. */
    logTo,
    newsOf,
    /** Adds metrics to a run just found; the news of it are the caller's to tell. */
    async measured(tx: Tx, run: RunRow, metrics: MetricPoint[]): Promise<void> {
      checkBatch({ metrics });
      await write(tx, run, { metrics });
    },
    /** Like `log`, for metrics alone: shares a transaction with what others log at the same time. */
    logMetrics(runId: string, metrics: MetricPoint[]): Promise<void> {
      checkBatch({ metrics });
      return metrics.length === 0 ? findActive(db, runId).then(() => undefined) : writer.log(runId, metrics);
    },
    async update(runId: string, change: { status?: RunStatus; endTime?: bigint; name?: string }): Promise<RunRow> {
      return db.transaction().execute(async tx => {
        const run = await findActive(tx, runId);
        await store.updateRun(tx, runId, { ...(change.status && { status: change.status }), ...(change.endTime !== undefined && { end_time: change.endTime }), ...(change.name && { name: change.name }) });
        if (change.name) {
          await store.upsertTags(tx, runId, [{ key: 'mlflow.runName', value: change.name }]);
        }
        await changed(tx, run);
        return find(tx, runId);
      });
    },
    async setStatus(tx: Tx, runId: string, status: RunStatus, endTime: Date | null): Promise<void> {
      await store.updateRun(tx, runId, { status, end_time: endTime?.getTime() ?? null });
      await changed(tx, await find(tx, runId));
    },
    /** Status and end as another server had them. */
    setImported: (tx: Tx, runId: string, { status, endTime }: { status: RunStatus; endTime: bigint | null }): Promise<void> => store.updateRun(tx, runId, { status, end_time: endTime }),
    async setLifecycles(tx: Tx, runIds: readonly string[], stage: 'active' | 'deleted'): Promise<void> {
      for (const id of runIds) {
        await store.updateRun(tx, id, { lifecycle_stage: stage, deleted_time: stage === 'deleted' ? Date.now() : null });
      }
    },
    /** Deleting a deleted run, or restoring an active one, is no error: MLflow's way. */
    async setLifecycle(runId: string, stage: 'active' | 'deleted'): Promise<void> {
      await db.transaction().execute(async tx => {
        const run = await find(tx, runId);
        await store.updateRun(tx, runId, { lifecycle_stage: stage, deleted_time: stage === 'deleted' ? Date.now() : null });
        await changed(tx, run);
      });
    },
    async deleteTag(runId: string, key: string): Promise<void> {
      await findActive(db, runId);
      if (!(await store.deleteTag(db, runId, key))) {
        throw new NotFound('no_such_tag', `No tag with name: ${key} in run with id ${runId}`);
      }
    },
    async move(tx: Tx, runId: string, experimentId: string): Promise<void> {
      await store.updateRun(tx, runId, { experiment_id: (await experiments.requireActive(tx, experimentId)).id });
    },
    removeMetrics: (tx: Tx, runId: string, keys: readonly string[]): Promise<void> => (keys.length === 0 ? Promise.resolve() : deleteMetrics(tx, runId, keys)),
    /** Nothing for a run that is not there. */
    history: (runId: string, key: string, limit: number, offset: number): Promise<HistoryPiece[]> => metricHistory(db, runId, key, limit, offset),
    sampledHistory: (runIds: readonly string[], key: string, most: number, steps: { from: bigint; to: bigint } | null): Promise<MetricRow[]> => sampledHistory(db, runIds, key, most, steps)
  };
}

/** Why nothing can be logged to it: it is not there, or deleted. */
function refusalOf(run: RunStand | undefined, id: string): NotFound | InvalidInput | null {
  if (run === undefined) {
    return noSuchRun(id);
  }
  return run.lifecycle_stage === 'active' ? null : new InvalidInput('run_deleted', `The run ${id} must be in the 'active' state. Current state is deleted.`);
}

function noSuchRun(id: string): NotFound {
  return new NotFound('no_such_run', `Run with id=${id} not found`);
}

/** MLflow's limits on one batch. */
function checkBatch(data: RunData): void {
  const [metrics, params, tags] = [data.metrics ?? [], data.params ?? [], data.tags ?? []];
  const over = (what: string, count: number, limit: number): void => {
    if (count > limit) {
      throw new InvalidInput('batch_too_large', `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`);
    }
  };
  over('metrics', metrics.length, LIMITS.metricsPerBatch);
  over('params', params.length, LIMITS.paramsPerBatch);
  over('tags', tags.length, LIMITS.tagsPerBatch);
  over('metrics, params, and tags', metrics.length + params.length + tags.length, LIMITS.perBatch);
  new Set(metrics.map(m => m.key)).forEach(key => checkKey('metric', key));
  params.forEach(p => checkKey('param', p.key));
  tags.forEach(t => checkKey('tag', t.key));
  const repeated = params.map(p => p.key).find((key, i, keys) => keys.indexOf(key) !== i);
  if (repeated !== undefined) {
    throw new InvalidInput('duplicate_param', `Duplicate parameter keys have been submitted: ['${repeated}']. Please ensure the request contains only one param value per param key.`);
  }
}
