import { z } from 'zod';
import { MetricValue } from './common';
import { SlicedMetric } from './slices';

/** Milliseconds since 1970, as the client sent them: 0 where it sent none. */
const Millis = z.number();
const ExperimentId = z.string().regex(/^\d{1,18}$/, 'An experiment’s id is a number.');
const RunId = z.string().regex(/^[0-9a-f]{32}$/, 'A run’s id is 32 hex digits.');
const Key = z.string().min(1).max(250);

/** Which of a metric’s points counts: the latest, or what all of them come to. */
export const MetricAggregate = z.enum(['last', 'min', 'max', 'mean']);
export type MetricAggregate = z.infer<typeof MetricAggregate>;
export const MetricColumn = z.object({ key: Key, aggregate: MetricAggregate.default('last') });
export type MetricColumn = z.infer<typeof MetricColumn>;

export const ExperimentSummary = z
  .object({ id: z.string(), name: z.string(), runCount: z.number().int(), createdMs: Millis, lastRunMs: Millis.nullable() })
  .meta({ id: 'ExperimentSummary' });
export type ExperimentSummary = z.infer<typeof ExperimentSummary>;
export const ExperimentQuery = z.object({
  search: z.string().max(500).default('').describe('Part of the name'),
  limit: z.coerce.number().int().min(1).max(1_000).default(200)
});
export const ExperimentList = z.object({ items: z.array(ExperimentSummary), total: z.number().int() });

/** Keys among the newest runs; `isVarying` where those runs have more than one value. */
export const RunColumns = z.object({
  params: z.array(z.object({ key: z.string(), isVarying: z.boolean() })),
  metrics: z.array(z.object({ key: z.string(), hasHistory: z.boolean() })),
  tags: z.array(z.string())
});
export type RunColumns = z.infer<typeof RunColumns>;
export const RunColumnsQuery = z.object({ experimentId: ExperimentId.optional().describe('All experiments where absent') });

export const RunOrder = z.object({
  by: z.enum(['name', 'status', 'started', 'duration', 'param', 'metric']),
  key: Key.optional().describe('The param or metric'),
  aggregate: MetricAggregate.default('last'),
  isAscending: z.boolean().default(false)
});
export type RunOrder = z.infer<typeof RunOrder>;

export const RunRowsQuery = z.object({
  experimentId: ExperimentId.nullable().default(null).describe('null looks through all experiments'),
  filter: z.string().max(5_000).default('').describe('MLflow’s grammar, or plain words found in names, params’ values and tags'),
  withSessions: z.boolean().default(false).describe('Also the runs that stand for whole kernel sessions'),
  isDeleted: z.boolean().default(false).describe('The deleted runs instead'),
  order: RunOrder.default({ by: 'started', aggregate: 'last', isAscending: false }),
  params: z.array(Key).max(60).default([]),
  metrics: z.array(MetricColumn).max(60).default([]),
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(1).max(200).default(100)
});
export type RunRowsQuery = z.infer<typeof RunRowsQuery>;

export const TrackedStatus = z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']);
export const RunKind = z.enum(['session', 'trial', 'pipeline', 'run']);

/** One line of the table; `params` and `metrics` stand in the order that was asked for. */
export const RunLine = z
  .object({
    id: z.string(),
    name: z.string(),
    experimentId: z.string(),
    kind: RunKind,
    status: TrackedStatus,
    startedMs: Millis,
    endedMs: Millis.nullable(),
    /** Of a trial what its cells took; null while it runs, or where its ends tell nothing. */
    durationMs: z.number().nullable(),
    params: z.array(z.string().nullable()),
    metrics: z.array(MetricValue.nullable())
  })
  .meta({ id: 'RunLine' });
export type RunLine = z.infer<typeof RunLine>;
export const RunLinePage = z.object({ items: z.array(RunLine), total: z.number().int() });

/** `ignoring` names params that do not tell runs apart: seeds. */
export const RunGroupsQuery = RunRowsQuery.extend({ ignoring: z.array(Key).max(60).default([]) });
export type RunGroupsQuery = z.infer<typeof RunGroupsQuery>;
/** Runs with the same params; spread is the sample standard deviation, null for a single run. */
export const RunGroup = z
  .object({
    key: z.string(),
    runCount: z.number().int(),
    /** At most 100, the newest first. */
    runIds: z.array(z.string()),
    name: z.string(),
    experimentId: z.string(),
    startedMs: Millis,
    params: z.array(z.string().nullable()),
    metrics: z.array(z.object({ mean: MetricValue, spread: z.number().nullable(), count: z.number().int() }).nullable())
  })
  .meta({ id: 'RunGroup' });
export type RunGroup = z.infer<typeof RunGroup>;
export const RunGroupPage = z.object({
  items: z.array(RunGroup),
  total: z.number().int(),
  isTruncated: z.boolean().describe('Only the newest 20,000 runs were grouped')
});

const MetricSummary = z.object({ key: z.string(), last: MetricValue, lastStep: z.number(), min: MetricValue, max: MetricValue, mean: MetricValue, count: z.number().int() });
export const RunCell = z.object({ executionId: z.string(), cellId: z.string().nullable(), executionCount: z.number().int().nullable(), source: z.string(), durationMs: z.number() });
export type RunCell = z.infer<typeof RunCell>;

/** A run with all that is known of it but its curves and files. */
export const RunDetail = z
  .object({
    id: z.string(),
    name: z.string(),
    experiment: z.object({ id: z.string(), name: z.string() }),
    kind: RunKind,
    status: TrackedStatus,
    isDeleted: z.boolean(),
    user: z.string(),
    startedMs: Millis,
    endedMs: Millis.nullable(),
    durationMs: z.number().nullable(),
    params: z.array(z.object({ key: z.string(), value: z.string() })),
    metrics: z.array(MetricSummary),
    /** Metrics of slices of the data, by their columns; they stand among `metrics` too. */
    slices: z.array(SlicedMetric),
    tags: z.array(z.object({ key: z.string(), value: z.string() })),
    note: z.string(),
    parent: z.object({ id: z.string(), name: z.string() }).nullable(),
    childCount: z.number().int(),
    notebookPath: z.string().nullable(),
    /** Cells the results came from, in the order they ran. */
    cells: z.array(RunCell),
    datasets: z.array(z.object({ name: z.string(), digest: z.string(), source: z.string() })),
    /** Distributions that its cells imported, with their versions. */
    packages: z.record(z.string(), z.string())
  })
  .meta({ id: 'RunDetail' });
export type RunDetail = z.infer<typeof RunDetail>;

/** The note is MLflow’s own: the tag `mlflow.note.content`, as Markdown. */
export const EditRun = z.object({ note: z.string().max(8_000) });

export const CurvesQuery = z.object({
  runIds: z.array(RunId).min(1).max(50),
  keys: z.array(Key).min(1).max(20),
  points: z.number().int().min(2).max(2_000).default(500).describe('At most so many of each curve, evenly spaced')
});
export const Curve = z
  .object({ runId: z.string(), key: z.string(), steps: z.array(z.number()), times: z.array(Millis), values: z.array(MetricValue) })
  .meta({ id: 'Curve' });
export type Curve = z.infer<typeof Curve>;
export const CurveList = z.object({ items: z.array(Curve) });

export const ArtifactQuery = z.object({ path: z.string().max(2_000).default('').describe('A folder of the run; its root where empty') });
export const RunArtifact = z.object({ path: z.string(), isFolder: z.boolean(), sizeBytes: z.number().nullable() });
export type RunArtifact = z.infer<typeof RunArtifact>;
export const RunArtifactList = z.object({ items: z.array(RunArtifact) });

/** Paths of images, at most 200. */
export const RunImageList = z.object({ items: z.array(z.string()) });

export const ArtifactFileQuery = z.object({ path: z.string().min(1).max(2_000) });
/** What can be shown of a file: text is cut at 256 KiB; images, HTML and Parquet are loaded from `artifact-file`, which serves ranges. */
export const ArtifactPreview = z
  .object({
    path: z.string(),
    sizeBytes: z.number(),
    kind: z.enum(['text', 'json', 'csv', 'markdown', 'parquet', 'image', 'html', 'binary']),
    text: z.string().nullable(),
    isTruncated: z.boolean()
  })
  .meta({ id: 'ArtifactPreview' });
export type ArtifactPreview = z.infer<typeof ArtifactPreview>;
export const ArtifactDownloadQuery = ArtifactFileQuery.extend({ download: z.enum(['0', '1']).default('0') });
