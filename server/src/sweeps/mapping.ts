import type { Sweep, SweepTrial, SweepTrialState } from '@slipway/schema';
import type { ShownTrial } from './store';
import type { SweepRow } from './tables';

export function toTrial(row: ShownTrial): SweepTrial {
  const { started_at: started, run_ended_at: ended } = row;
  return {
    number: row.number,
    state: row.state,
    params: row.params,
    value: row.value,
    lastReport: row.last_step === null || row.last_value === null || !Number.isFinite(row.last_value) ? null : { step: Number(row.last_step), value: row.last_value },
    runId: row.run_id,
    mlflowRunId: row.mlflow_run_id,
    error: row.error,
    createdAt: row.created_at.toISOString(),
    durationMs: started && ended ? Math.max(0, ended.getTime() - started.getTime()) : null
  };
}

export function toSweep(row: SweepRow, counts: readonly { state: SweepTrialState; count: number }[], best: ShownTrial | undefined): Sweep {
  const of = (...states: SweepTrialState[]): number => counts.filter(c => states.includes(c.state)).reduce((sum, c) => sum + c.count, 0);
  return {
    id: row.id,
    name: row.name,
    pipeline: row.pipeline,
    version: row.version,
    state: row.state,
    why: row.why,
    ...row.spec,
    maxTrials: row.max_trials,
    maxParallel: row.max_parallel,
    timeLimitMs: row.time_limit_ms === null ? null : Number(row.time_limit_ms),
    patience: row.patience,
    warmTrials: row.warm.length,
    counts: { asked: counts.reduce((sum, c) => sum + c.count, 0), running: of('waiting', 'running'), succeeded: of('succeeded'), pruned: of('pruned'), failed: of('failed'), cancelled: of('cancelled') },
    best: best ? toTrial(best) : null,
    mlflowRunId: row.mlflow_run_id,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null
  };
}
