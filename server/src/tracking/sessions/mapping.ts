import { toMetricValue, type CellExecution, type Scalar, type Session, type Trial } from '@slipway/schema';
import type { z } from 'zod';
import { InvalidInput } from '../../core/errors';
import { isUuid } from '../../core/uuid';
import type { JoinedRun } from './ports';
import type { CountedSessionRow } from './session-store';
import type { CellExecutionRow, TrialMetricRow, TrialRow } from './tables';
import { trialParams } from './trial-params';

export function toSession(row: CountedSessionRow): z.infer<typeof Session> {
  return {
    id: row.id,
    runId: row.run_id,
    experimentId: row.experiment_id,
    kernelId: row.kernel_id,
    language: row.language,
    notebookPath: row.notebook_path,
    status: row.status,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    cellCount: row.cell_count,
    trialCount: row.trial_count
  };
}

export function toExecution(row: CellExecutionRow): CellExecution {
  const { details } = row;
  return {
    executionId: row.execution_id,
    sessionId: row.session_id,
    cellId: row.cell_id,
    executionCount: row.execution_count,
    source: row.source,
    status: row.status,
    error: row.error,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    bound: row.bound,
    deleted: row.deleted,
    read: row.read,
    scalars: details.scalars ?? {},
    types: details.types ?? {},
    metrics: details.metrics ?? [],
    data: details.data ?? [],
    packages: details.packages ?? {},
    peakMemoryBytes: row.peak_memory_bytes === null ? null : Number(row.peak_memory_bytes),
    mlflowRuns: details.mlflowRuns ?? [],
    impurities: details.impurities ?? [],
    trialId: row.trial_id,
    hiddenState: row.hidden_state
  };
}

/** What one trial is shown with. */
export interface TrialParts {
  metrics: readonly TrialMetricRow[];
  joined: readonly JoinedRun[];
  cellIds: ReadonlyMap<string, string | null>;
}

export function toTrial(row: TrialRow, parts: TrialParts, previousParams: Record<string, Scalar> | undefined): Trial {
  const params = paramsOf(row, parts.joined);
  return {
    id: row.run_id,
    sessionId: row.session_id,
    ordinal: row.ordinal,
    groupKey: row.group_key,
    params,
    metrics: metricsOf(row, parts),
    slice: row.slice.map(executionId => ({ cellId: parts.cellIds.get(executionId) ?? null, executionId })),
    changedParams: previousParams ? changedNames(previousParams, params) : [],
    startedAt: row.started_at.toISOString(),
    mlflowRunIds: row.mlflow_run_ids
  };
}

/** The params of a trial, with what MLflow calls logged to the runs joined to it. */
export function paramsOf(row: TrialRow, joined: readonly JoinedRun[]): Record<string, Scalar> {
  return trialParams(row.params, Object.assign({}, ...joined.map(run => run.params)));
}

/** Names whose value differs from the trial before, or that it did not have, or that only it had. */
export function changedNames(before: Record<string, Scalar>, now: Record<string, Scalar>): string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(name => before[name] !== now[name]).sort();
}

function metricsOf(row: TrialRow, { metrics, joined }: TrialParts): Trial['metrics'] {
  const found: Trial['metrics'] = metrics.map(m => ({ name: m.name, value: m.value, executionId: m.execution_id, history: m.history, isMarked: m.is_marked }));
  const names = new Set(found.map(m => m.name));
  for (const run of joined) {
    const executionId = run.tags['slipway.execution'] ?? row.slice.at(-1)!;
    for (const { key, value, step } of run.metrics.filter(m => !names.has(m.key))) {
      const known = found.find(m => m.name === key && m.executionId === executionId);
      const point = { step, value: toMetricValue(value), loop: {} };
      if (known) {
        known.history.push(point);
        known.value = point.value;
      } else {
        found.push({ name: key, value: point.value, executionId, history: [point], isMarked: false });
      }
    }
  }
  return found;
}

export function encodeSessionCursor(row: { started_at: Date; id: string }): string {
  return Buffer.from(`${row.started_at.toISOString()} ${row.id}`).toString('base64url');
}

/** @throws InvalidInput `invalid_cursor` */
export function decodeSessionCursor(text: string): { startedAt: Date; id: string } {
  const [at = '', id = ''] = Buffer.from(text, 'base64url').toString().split(' ');
  const startedAt = new Date(at);
  if (Number.isNaN(startedAt.getTime()) || !isUuid(id)) {
    throw invalidCursor();
  }
  return { startedAt, id };
}

/** The cursor of lists within one session: a number that counts up in it. */
export function decodeNumberCursor(text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,9}$/.test(text)) {
    throw invalidCursor();
  }
  return text === undefined ? undefined : Number(text);
}

function invalidCursor(): InvalidInput {
  return new InvalidInput('invalid_cursor', 'The cursor is not one of ours; start from the first page.');
}
