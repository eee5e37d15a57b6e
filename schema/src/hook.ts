import { z } from 'zod';
import { Instant, MetricValue, Scalar } from './common';

/**
 * What the kernel-side hook writes, one JSON object a line, to the session's
 * spool file and over the comm `slipway`. `seq` counts up from 0 in a session:
 * (sessionId, seq) names a record, so one that arrives twice is stored once.
 */
const base = { sessionId: z.uuid(), seq: z.int32().nonnegative(), at: Instant };

export const SessionStarted = z.object({
  ...base,
  type: z.literal('session_started'),
  /** Id of the Jupyter kernel, from its connection file. */
  kernelId: z.string(),
  language: z.string(),
  /** Absolute path of the notebook where the server told it, else null. */
  notebookPath: z.string().nullable(),
  cwd: z.string(),
  pid: z.int32(),
  python: z.string().nullable().describe('The kernel’s interpreter'),
  /** SHA-256 (hex) of the token the kernel made for its MLflow client; the token itself stays in the kernel. */
  tokenSha256: z.string().nullable(),
  user: z.string(),
  host: z.string()
});

/** A file or other data a cell opened. `uri` is a `file:` path or what the reader was given. */
export const DataAccess = z.object({
  path: z.string(),
  mode: z.enum(['read', 'write']),
  /** SHA-256 where the file was small enough to digest off the main thread. */
  digest: z.string().nullable(),
  sizeBytes: z.number().int().nullable()
});
export type DataAccess = z.infer<typeof DataAccess>;

/** A number that came from a metric function while the cell ran. */
export const MeasuredMetric = z.object({
  name: z.string(),
  value: MetricValue,
  /** 0 outside loops; else counts the evaluations of the same expression. */
  step: z.number().int().nonnegative(),
  /** 1-based line of the expression in the cell. */
  line: z.int32(),
  /** Scalars the enclosing loops had bound at that moment. */
  loop: z.record(z.string(), Scalar).default({})
});
export type MeasuredMetric = z.infer<typeof MeasuredMetric>;

/** The machine at one moment of a cell, under MLflow's names without `system/`: `cpu_utilization_percentage`, `gpu_0_memory_usage_megabytes`… */
export const MachineSample = z.object({ at: Instant, values: z.record(z.string().regex(/^[a-z0-9_]{1,60}$/), z.number()) });
export type MachineSample = z.infer<typeof MachineSample>;

export const CellExecuted = z.object({
  ...base,
  type: z.literal('cell_executed'),
  executionId: z.uuid(),
  /** nbformat cell id; null where the front end sent none. */
  cellId: z.string().nullable(),
  executionCount: z.int32().nullable(),
  source: z.string(),
  status: z.enum(['ok', 'error', 'aborted']),
  error: z.object({ name: z.string(), message: z.string(), line: z.int32().nullable() }).nullable(),
  startedAt: Instant,
  durationMs: z.number().nonnegative(),
  /** Top-level names the run bound or rebound, and those it deleted. */
  bound: z.array(z.string()),
  deleted: z.array(z.string()),
  /** Global names the code read, as its code objects say. */
  read: z.array(z.string()),
  /** Values of the scalars among `bound`. */
  scalars: z.record(z.string(), z.union([Scalar, MetricValue])),
  /** Types of `bound`, e.g. `pandas.core.frame.DataFrame (150, 5)`. */
  types: z.record(z.string(), z.string()),
  metrics: z.array(MeasuredMetric),
  data: z.array(DataAccess),
  /** Imported distributions and versions first seen in this cell. */
  packages: z.record(z.string(), z.string()),
  peakMemoryBytes: z.number().int().nullable(),
  /** MLflow runs the cell opened: lazily by fluent calls or autolog, or by start_run. */
  mlflowRuns: z.array(z.object({ runId: z.string(), isExplicit: z.boolean() })),
  /** What makes the result not reusable: `unseeded randomness`, `clock`, `network`, `native reader NAME`. */
  impurities: z.array(z.string()),
  /** At the cell's start, at its end and every few seconds between; oldest first. Absent of kernels that tell nothing. */
  machine: z.array(MachineSample).max(200).optional()
});

export const CellStarted = z.object({
  ...base,
  type: z.literal('cell_started'),
  executionId: z.uuid(),
  cellId: z.string().nullable(),
  source: z.string()
});

export const SessionEnded = z.object({ ...base, type: z.literal('session_ended') });

export const HookRecord = z.discriminatedUnion('type', [SessionStarted, CellStarted, CellExecuted, SessionEnded]);
export type HookRecord = z.infer<typeof HookRecord>;
export type CellExecuted = z.infer<typeof CellExecuted>;
export type SessionStarted = z.infer<typeof SessionStarted>;
