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

/** Points logged to one run at once. */
export interface RunPoints {
  runId: string;
  points: readonly MetricPoint[];
}

/** Points of one metric of one run, measured for the same model and dataset; as many as one row holds. */
export interface Chunk {
  runId: string;
  key: string;
  points: MetricPoint[];
}
const MOST_POINTS = 1_000;

/** Each point in a chunk of its own metric, in the order they came. */
export function chunksOf(logged: readonly RunPoints[]): Chunk[] {
  const chunks: Chunk[] = [];
  const byRun = new Map<string, Map<string, Chunk>>();
  for (const { runId, points } of logged) {
    const open = entry(byRun, runId, () => new Map<string, Chunk>());
    for (const point of points) {
      const { key, modelId, datasetName, datasetDigest } = point;
      // No key holds a NUL: what stands behind one is no other metric's key.
      const name = modelId || datasetName ? `\0${JSON.stringify([key, modelId, datasetName, datasetDigest])}` : key;
      let chunk = open.get(name);
      if (chunk === undefined || chunk.points.length >= MOST_POINTS) {
        chunk = { runId, key, points: [] };
        open.set(name, chunk);
        chunks.push(chunk);
      }
      chunk.points.push(point);
    }
  }
  return chunks;
}

/** A metric of a run and its latest point. */
export interface Latest {
  runId: string;
  point: MetricPoint;
}

/** By step, then timestamp, then value; NaN counts above all, as PostgreSQL has it. One order of runs and keys: batches at once lock in it, and no two wait for each other. */
export function latestOf(chunks: readonly Chunk[]): Latest[] {
  const latest = new Map<string, Latest>();
  for (const { runId, key, points } of chunks) {
    const name = `${runId} ${key}`;
    const point = points.reduce((a, b) => (isLater(b, a) ? b : a));
    const known = latest.get(name);
    if (!known || isLater(point, known.point)) {
      latest.set(name, { runId, point });
    }
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) {
    return known;
  }
  const made = make();
  map.set(key, made);
  return made;
}

function isLater(a: MetricPoint, b: MetricPoint): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return Number.isNaN(a.value) || a.value > b.value;
}
