import type { MetricValue } from '@slipway/schema';
import type { Log } from '../../core/log';
import type { Tx } from '../../database';
import type { Events } from '../../events';
import { cellUri, runUri, type Lineage } from '../../lineage';
import { createCellOrders } from './cell-order';
import { machineMetrics } from './machine';
import * as executionStore from './execution-store';
import { metricsOfExecution, type ExecutionMetric } from './measured';
import { mlflowKey, underMlflowKeys } from './mlflow-key';
import { paramText } from './param-text';
import type { AnalysisPort, ExecutionSlice, RunsPort, SliceableExecution } from './ports';
import type { ExecutionDetails, SessionRow, TrialRow } from './tables';
import * as trialStore from './trial-store';

/** An execution as it is judged: what the slice needs, and what it measured. */
export interface JudgedExecution extends SliceableExecution {
  endedAt: Date;
  details: Pick<ExecutionDetails, 'metrics' | 'scalars' | 'mlflowRuns' | 'data' | 'machine'>;
}

export type TrialKeeper = ReturnType<typeof createTrialKeeper>;

/**
 * Finds the trial each execution belongs to. A trial is one execution of the
 * slice that produced what was measured: a later cell's metrics join it while
 * the executions upstream are the same.
 */
export function createTrialKeeper(deps: { runs: RunsPort; analysis: AnalysisPort; lineage: Lineage; events: Events; log: Log }) {
  const { runs, analysis, lineage, events, log } = deps;

  const orders = createCellOrders();

  /** Hidden state is told only where the document's order is known: the order of running says nothing of it. */
  async function sliceOf(session: SessionRow, before: readonly SliceableExecution[], execution: SliceableExecution): Promise<ExecutionSlice | undefined> {
    const all = [...before, execution];
    const order = await orders.of(session.notebook_path, all.map(e => e.cellId));
    try {
      const slice = analysis.sliceExecutions(all, execution.executionId, order);
      return order === undefined ? { ...slice, hidden: [] } : slice;
    } catch (err) {
      log.warn({ err, executionId: execution.executionId }, 'an execution could not be sliced');
      return undefined;
    }
  }

  async function create(tx: Tx, session: SessionRow, execution: JudgedExecution, slice: ExecutionSlice): Promise<TrialRow> {
    const ordinal = await trialStore.nextOrdinal(tx, session.id);
    const runId = await runs.createRun(tx, {
      experimentId: session.experiment_id,
      name: `trial ${ordinal}`,
      parentRunId: session.run_id,
      userId: session.user_name,
      startTime: execution.endedAt,
      tags: {
        'slipway.kind': 'trial',
        'slipway.session': session.id,
        'slipway.group': slice.groupKey,
        ...(session.notebook_path && { 'mlflow.source.name': session.notebook_path, 'mlflow.source.type': 'NOTEBOOK' })
      }
    });
    await runs.finishRun(tx, runId, 'FINISHED', execution.endedAt);
    return trialStore.insertTrial(tx, {
      run_id: runId,
      session_id: session.id,
      ordinal,
      core_key: slice.coreKey,
      group_key: slice.groupKey,
      params: '{}',
      slice: [],
      started_at: execution.endedAt
    });
  }

  /** Adds what the execution knows to the trial: params not there yet, cells, MLflow's runs, metrics. */
  async function extend(tx: Tx, trial: TrialRow, execution: JudgedExecution, slice: ExecutionSlice, metrics: ExecutionMetric[], mlflowRunIds: string[]): Promise<void> {
    const params = { ...slice.params, ...trial.params };
    const kept = underMlflowKeys(Object.entries(trial.params));
    const added = Object.entries(underMlflowKeys(Object.entries(slice.params))).filter(([key]) => !(key in kept));
    await trialStore.updateTrial(tx, trial.run_id, {
      params: JSON.stringify(params),
      slice: union(trial.slice, slice.executionIds),
      mlflow_run_ids: union(trial.mlflow_run_ids, mlflowRunIds)
    });
    await trialStore.upsertMetrics(tx, trial.run_id, metrics.map(m => ({ ...m, executionId: execution.executionId })));
    await runs.log(tx, trial.run_id, {
      params: Object.fromEntries(added.map(([name, value]) => [name, paramText(value)])),
      metrics: metrics.flatMap(m => m.history.map(p => ({ key: mlflowKey(m.name), value: toNumber(p.value), step: p.step, timestamp: execution.endedAt })))
    });
  }

  /** The same for all that joins the trial: what only measures is neither code nor data of it. */
  async function recordInputs(tx: Tx, trial: TrialRow, executions: readonly JudgedExecution[], slice: ExecutionSlice): Promise<void> {
    const core = new Set(slice.coreIds);
    const cells = executions.filter(e => core.has(e.executionId));
    const data = cells.flatMap(e => e.details.data);
    const written = new Set(data.filter(d => d.mode === 'write').map(d => d.path));
    const digests = data.filter(d => d.mode === 'read' && !written.has(d.path)).map(d => d.digest);
    await runs.recordInputs(tx, trial.run_id, { sources: cells.map(e => e.source), params: Object.keys({ ...slice.params, ...trial.params }), digests });
  }

  async function tagJoined(tx: Tx, trialId: string, runIds: string[]): Promise<void> {
    for (const run of runIds.length > 0 ? await runs.readRuns(tx, runIds) : []) {
      if (run.tags['slipway.trial'] !== trialId) {
        await runs.log(tx, run.runId, { tags: { 'slipway.trial': trialId } });
      }
    }
  }

  return {
    /** Judges one execution after those `before` it; returns its trial's id where it has one. */
    async judge(
      tx: Tx,
      session: SessionRow,
      before: readonly JudgedExecution[],
      execution: JudgedExecution,
      marks: ReadonlyMap<string, boolean>
    ): Promise<string | undefined> {
      const slice = execution.status === 'aborted' ? undefined : await sliceOf(session, before, execution);
      if (!slice) {
        return undefined;
      }
      if (slice.hidden.length > 0) {
        await executionStore.setJudgement(tx, execution.executionId, { hidden_state: slice.hidden });
      }
      const metrics = metricsOfExecution(execution.details.metrics, execution.details.scalars, marks);
      if (metrics.length === 0 && execution.details.mlflowRuns.length === 0) {
        return undefined;
      }
      const inSlice = new Set(slice.executionIds);
      const mlflowRunIds = [...before, execution].filter(e => inSlice.has(e.executionId)).flatMap(e => e.details.mlflowRuns.map(r => r.runId));
      const trial = (await trialStore.findTrial(tx, session.id, slice.coreKey)) ?? (await create(tx, session, execution, slice));
      await extend(tx, trial, execution, slice, metrics, mlflowRunIds);
      await runs.log(tx, trial.run_id, { metrics: machineMetrics([...before, execution], trial.slice, slice.executionIds) });
      await tagJoined(tx, trial.run_id, mlflowRunIds);
      await executionStore.joinTrial(tx, slice.executionIds, trial.run_id);
      await recordInputs(tx, trial, [...before, execution], slice);
      // What MLflow's client wrote in these cells came from them as well, and leads on to the models it logged.
      const cells = [...before, execution].filter(e => inSlice.has(e.executionId));
      await lineage.link(tx, [trial.run_id, ...new Set(mlflowRunIds)].flatMap(id => edgesOf(session, cells, id)), execution.endedAt);
      await events.append(tx, [{ type: 'trial.changed', subject: session.id, data: { trialId: trial.run_id } }]);
      return trial.run_id;
    }
  };

  function edgesOf(session: SessionRow, executions: readonly SliceableExecution[], runId: string): { from: string; to: string }[] {
    return executions.map(e => ({ from: cellUri(session.notebook_key, e.cellId, analysis.sourceHash(e.source)), to: runUri(runId) }));
  }
}

function toNumber(value: MetricValue): number {
  return Number(value);
}

function union(known: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...known, ...more])];
}
