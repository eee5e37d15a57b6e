import type { Pipeline, PipelineRun, PipelineVersion, Proof, RunOrigin, ScheduleState, StepRun, TriggerSpec } from '@slipway/schema';
import { personName } from '../core/person-name';
import { defaultParams, type PipelineContent } from './content';
import type { StepSummary } from './run-store';
import { DEFAULT_SCHEDULE } from './schedules';
import type { PipelineRow, PipelineVersionRow, ProofRow, RunRow, ScheduleRow } from './tables';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
const between = (from: Date | null, to: Date | null): number | null => (from && to ? Math.max(0, to.getTime() - from.getTime()) : null);

export function toRun(row: RunRow, steps: readonly StepSummary[], pending: ReadonlyMap<string, string>): PipelineRun {
  return {
    runId: row.id,
    mlflowRunId: row.mlflow_run_id,
    pipeline: row.pipeline,
    version: row.version,
    status: row.status,
    trigger: row.trigger,
    origin: toOrigin(row),
    dataInterval: row.data_interval_start && row.data_interval_end && { start: row.data_interval_start.toISOString(), end: row.data_interval_end.toISOString() },
    params: row.params,
    metrics: row.metrics,
    models: row.models,
    steps: steps.map(s => toStep(s, pending)),
    createdAt: row.created_at.toISOString(),
    startedAt: iso(row.started_at),
    endedAt: iso(row.ended_at),
    durationMs: between(row.started_at, row.ended_at),
    pendingReason: row.is_held && (row.status === 'queued' || row.status === 'running') ? 'Waits until fewer runs of this pipeline are under way.' : null,
    isLate: row.is_late,
    contentHash: row.content_hash,
    error: row.error
  };
}

function toStep(row: StepSummary, pending: ReadonlyMap<string, string>): StepRun {
  const error = row.error;
  return {
    name: row.name,
    kind: row.kind,
    status: row.status,
    skippedBecause: row.status === 'skipped' ? row.skipped_because : null,
    items: itemsOf(row),
    cached: row.cached,
    cacheNote: row.cache_note,
    attempts: row.attempts,
    startedAt: iso(row.started_at),
    durationMs: between(row.started_at, row.ended_at),
    pid: row.pid,
    peakMemoryBytes: row.peak_memory_bytes === null ? null : Number(row.peak_memory_bytes),
    peakGpuMemoryBytes: row.peak_gpu_memory_bytes === null ? null : Number(row.peak_gpu_memory_bytes),
    gpuPercent: row.gpu_percent,
    hasNotebook: row.notebook_digest !== null,
    pendingReason: (row.status === 'queued' || row.status === 'running') && row.job_id !== null ? (pending.get(row.job_id) ?? null) : null,
    ...(error && { error: { code: error.code, message: error.message, cellId: error.cellId, traceback: error.traceback } })
  };
}

function itemsOf({ status, map_total: total, map_succeeded: succeeded, map_failed: failed }: StepSummary): StepRun['items'] {
  return total === null ? null : { total, succeeded, failed, open: status === 'running' ? Math.max(0, total - succeeded - failed) : 0 };
}

export function toVersion(row: PipelineVersionRow, content: PipelineContent, isUnchanged: boolean): PipelineVersion {
  const values = defaultParams(content);
  return {
    pipeline: row.pipeline,
    version: row.version,
    contentHash: row.content_hash,
    notebookPath: content.notebookPath,
    kernelName: content.kernelName,
    steps: content.steps,
    params: content.constants.map(c => ({ name: c.name, value: values[c.name] ?? null, cellId: c.cellId })),
    cells: content.cells,
    ...(content.options && { options: content.options }),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    isUnchanged
  };
}

/** A run made before origins were kept has none to tell: its trigger says what is known. */
function toOrigin(row: RunRow): RunOrigin {
  const reasons: Partial<Record<RunRow['trigger'], string>> = { schedule: 'The schedule fired.', proof: 'The check before saving.' };
  return { ...row.origin, reason: row.origin.reason ?? reasons[row.trigger] ?? `Started by ${personName(row.created_by)}.` };
}

export function toPipeline(
  row: PipelineRow,
  of: {
    notebookPath: string;
    schedules: readonly ScheduleRow[];
    runs: readonly Pick<RunRow, 'id' | 'status' | 'created_at' | 'started_at' | 'ended_at'>[];
    triggers: readonly { name: string; spec: TriggerSpec }[];
    unreadFailures: number;
  }
): Pipeline {
  const { notebookPath, schedules, runs, triggers, unreadFailures } = of;
  const schedule = schedules.find(s => s.name === DEFAULT_SCHEDULE);
  const next = schedules.flatMap(s => s.next_fire_at ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  return {
    name: row.name,
    latestVersion: row.latest_version,
    notebookPath,
    schedule: schedule ? toScheduleState(schedule) : null,
    nextFireAt: iso(next ?? null),
    triggers: triggers.map(({ name, spec: { when, isPaused } }) => ({ name, when, isPaused })),
    unreadFailures,
    recentRuns: runs.map(r => ({ runId: r.id, status: r.status, createdAt: r.created_at.toISOString(), durationMs: between(r.started_at, r.ended_at) })),
    createdAt: row.created_at.toISOString()
  };
}

function toScheduleState(row: ScheduleRow): ScheduleState {
  return {
    cron: row.spec.cron ?? null,
    intervalMs: row.spec.intervalMs ?? null,
    timeZone: row.spec.timeZone,
    isPaused: row.spec.isPaused,
    nextFireAt: iso(row.next_fire_at),
    lastFireAt: iso(row.last_fire_at),
    note: row.note
  };
}

export function toProof(row: ProofRow): Proof {
  return {
    id: row.id,
    pipeline: row.pipeline,
    status: row.status,
    phase: row.phase,
    runId: row.run_id,
    agreed: row.agreed,
    differences: row.differences,
    notes: row.notes,
    startedAt: row.started_at.toISOString(),
    endedAt: iso(row.ended_at)
  };
}
