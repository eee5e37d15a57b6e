/** One point of one metric; step and timestamp keep all 64 bits. */
export interface MetricPoint {
  key: string;
  value: number;
  step: bigint;
  timestamp: bigint;
  modelId?: string | null;
  datasetName?: string | null;
  datasetDigest?: string | null;
}

/** A point and the run it belongs to. */
export interface RunPoint extends MetricPoint {
  runId: string;
}

/** Points of one metric of one run, measured for the same model and dataset; as many as one row holds. */
export type Chunk = readonly RunPoint[];
const MOST_POINTS = 1_000;

/** Each point in a chunk of its own metric, in the order they came. */
export function chunksOf(points: readonly RunPoint[]): Chunk[] {
  const chunks: RunPoint[][] = [];
  const open = new Map<string, RunPoint[]>();
  for (const point of points) {
    const name = point.modelId || point.datasetName ? JSON.stringify([point.runId, point.key, point.modelId, point.datasetName, point.datasetDigest]) : nameOf(point);
    let chunk = open.get(name);
    if (chunk === undefined || chunk.length >= MOST_POINTS) {
      chunk = [];
      open.set(name, chunk);
      chunks.push(chunk);
    }
    chunk.push(point);
  }
  return chunks;
}

/** By step, then timestamp, then value; NaN counts above all, as PostgreSQL has it. One order of names: batches at once lock in it, and no two wait for each other. */
export function latestOf(points: readonly RunPoint[]): RunPoint[] {
  const latest = new Map<string, RunPoint>();
  for (const point of points) {
    const name = nameOf(point);
    const known = latest.get(name);
    if (!known || isLater(point, known)) {
      latest.set(name, point);
    }
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, point]) => point);
}

const nameOf = (p: RunPoint): string => `${p.runId} ${p.key}`;

function isLater(a: MetricPoint, b: MetricPoint): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return Number.isNaN(a.value) || a.value > b.value;
}
