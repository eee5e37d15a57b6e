import { z } from 'zod';
import { Instant, MetricValue, Scalar, pageOf } from './common';
import { CellExecuted } from './hook';

/** The run of one kernel's life. Its id is the hook's; `runId` is the MLflow run. */
export const Session = z
  .object({
    id: z.uuid(),
    runId: z.string(),
    experimentId: z.string(),
    kernelId: z.string(),
    language: z.string(),
    notebookPath: z.string().nullable(),
    status: z.enum(['running', 'finished', 'killed']),
    startedAt: Instant,
    endedAt: Instant.nullable(),
    cellCount: z.number().int(),
    trialCount: z.number().int()
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

/** One execution of one cell, as the session's owner sees it. */
export const CellExecution = CellExecuted.omit({ type: true, seq: true, at: true, sessionId: true, status: true })
  .extend({
    sessionId: z.uuid(),
    status: z.enum(['running', 'ok', 'error', 'aborted', 'lost']),
    trialId: z.string().nullable(),
    /** Names a later cell changed before this one used them, in words. */
    hiddenState: z.array(z.string())
  })
  .meta({ id: 'CellExecution' });
export type CellExecution = z.infer<typeof CellExecution>;

export const TrialMetric = z.object({
  name: z.string(),
  value: MetricValue,
  executionId: z.uuid(),
  /** More than one value where the metric sat in a loop. */
  history: z.array(z.object({ step: z.number().int(), value: MetricValue, loop: z.record(z.string(), Scalar) })),
  /** Set by hand, against or beside what was found. */
  isMarked: z.boolean()
});

/** One execution of the slice that produced what was measured: a child run of its session. */
export const Trial = z
  .object({
    /** The MLflow run's id. */
    id: z.string(),
    sessionId: z.uuid(),
    /** 1, 2, … in the order the trials of the session appeared. */
    ordinal: z.number().int(),
    /** Same slice and params share it; the trials of a group are repeats. */
    groupKey: z.string(),
    params: z.record(z.string(), Scalar),
    metrics: z.array(TrialMetric),
    /** Cells of the slice, in the order they were executed. */
    slice: z.array(z.object({ cellId: z.string().nullable(), executionId: z.uuid() })),
    /** Names of params that differ from the trial before it. */
    changedParams: z.array(z.string()),
    startedAt: Instant,
    /** MLflow runs joined to this trial (fluent calls and autolog in its cells). */
    mlflowRunIds: z.array(z.string())
  })
  .meta({ id: 'Trial' });
export type Trial = z.infer<typeof Trial>;

export const SessionPage = pageOf(Session);
export const CellExecutionPage = pageOf(CellExecution);
export const TrialPage = pageOf(Trial);

/** Makes a scalar a metric in every trial of the notebook, or stops it being one. */
export const MarkMetric = z.object({ name: z.string().min(1).max(250), isMetric: z.boolean() });
