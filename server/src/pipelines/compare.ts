import type { StoredFile, StoredValue } from '@slipway/kernels-bridge';
import type { Comparison, Difference, MetricValue } from '@slipway/schema';
import { compareTables } from './compare-tables';
import type { StepOutcome } from './step-outcome';

/** Relative distance up to which two metrics are the same. */
export const TOLERANCE = 1e-9;

export interface Compared {
  agreed: Comparison[];
  differences: Difference[];
  notes: string[];
}

export interface CompareDeps {
  /** Equality by value of what two steps stored, told by a sandboxed Python. */
  compareValues(a: StoredValue, b: StoredValue): Promise<{ isEqual: boolean; message: string }>;
  readText(digest: string): Promise<string>;
}

/** What of the reference is to be found again. */
export interface Expected {
  outcome: StepOutcome;
  /** Cells of the pipeline: only their results count. */
  cells: readonly { id: string; source: string }[];
  models: readonly { cellId: string; variable: string; path?: string | null }[];
}

/** Holds the pipeline's results against the reference's: metrics, files, models. */
export async function compareOutcomes(expected: Expected, found: readonly StepOutcome[], deps: CompareDeps): Promise<Compared> {
  const result: Compared = { agreed: [], differences: [], notes: [] };
  compareMetrics(expected, found, result);
  await compareModels(expected, found, result, deps);
  await compareFiles(expected, found, result, deps);
  return result;
}

export function sameNumber(a: MetricValue, b: MetricValue): boolean {
  const [x, y] = [Number(a), Number(b)];
  return Object.is(x, y) || x === y || (Number.isFinite(x) && Number.isFinite(y) && Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y)));
}

type Metric = StepOutcome['metrics'][number];

function compareMetrics(expected: Expected, found: readonly StepOutcome[], result: Compared): void {
  const cells = new Set(expected.cells.map(c => c.id));
  const wanted = byKey(expected.outcome.metrics.filter(m => cells.has(m.cellId)));
  // What code told a tracking library stands in a run of its own where the reference is the notebook's session.
  const isLoggedKnown = expected.outcome.metrics.some(m => m.isLogged);
  const have = byKey(found.flatMap(o => o.metrics).filter(m => isLoggedKnown || !m.isLogged));
  for (const [key, metric] of new Map([...wanted, ...have])) {
    const [a, b] = [wanted.get(key), have.get(key)];
    const name = metric.step === 0 ? metric.name : `${metric.name}[${metric.step}]`;
    const at = { cellId: metric.cellId, name };
    if (a && b && sameNumber(a.value, b.value)) {
      result.agreed.push({ ...at, kind: 'metric', value: String(b.value) });
    } else {
      const where = a && b ? 'differs' : a ? 'is missing in the pipeline' : 'is missing in the notebook';
      result.differences.push({
        ...at,
        kind: a && b ? 'metric' : 'missing',
        notebook: a ? String(a.value) : null,
        pipeline: b ? String(b.value) : null,
        message: `The metric ${name} ${where}.`
      });
    }
  }
}

/** By cell, name and step; the same expression met again gets a number of its own. */
function byKey(metrics: readonly Metric[]): Map<string, Metric> {
  const result = new Map<string, Metric>();
  for (const metric of metrics) {
    for (let i = 0; ; i++) {
      const key = JSON.stringify([metric.cellId, metric.name, metric.step, i]);
      if (!result.has(key)) {
        result.set(key, metric);
        break;
      }
    }
  }
  return result;
}

async function compareModels(expected: Expected, found: readonly StepOutcome[], result: Compared, deps: CompareDeps): Promise<void> {
  for (const { cellId, variable } of expected.models) {
    const a = expected.outcome.models.find(m => m.variable === variable);
    const b = found.flatMap(o => o.models).findLast(m => m.variable === variable);
    const at = { cellId, name: variable };
    if (!a || !b) {
      const message = `The model ${variable} is missing in the ${a ? 'pipeline' : 'notebook'}.`;
      result.differences.push({ ...at, kind: 'missing', notebook: a ? a.flavor : null, pipeline: b ? b.flavor : null, message });
    } else if (!a.predictions || !b.predictions) {
      result.notes.push(`The model ${variable} was not compared: the notebook scores it on no data.`);
    } else if ((await deps.compareValues(a.predictions, b.predictions)).isEqual) {
      result.agreed.push({ ...at, kind: 'model', value: 'predicts the same' });
    } else {
      const { message } = await deps.compareValues(a.predictions, b.predictions);
      result.differences.push({ ...at, kind: 'model', notebook: null, pipeline: null, message: `The model ${variable} predicts otherwise: ${message}` });
    }
  }
}

async function compareFiles(expected: Expected, found: readonly StepOutcome[], result: Compared, deps: CompareDeps): Promise<void> {
  const wanted = new Map(expected.outcome.files.map(f => [f.path, f]));
  const have = new Map(found.flatMap(o => o.files).map(f => [f.path, f]));
  const judgedAsModels = new Set(expected.models.map(m => m.path?.replace(/^\.\//, '')));
  for (const [path, file] of have) {
    if (judgedAsModels.has(path)) {
      continue; // its bytes may differ; its predictions were compared
    }
    const reference = wanted.get(path);
    const kind = isTable(path) ? ('table' as const) : ('file' as const);
    const at = { cellId: cellNaming(expected.cells, path), name: path };
    const difference = reference ? await whyDifferent(path, reference, file, deps) : 'the notebook does not write it';
    if (difference === null) {
      result.agreed.push({ ...at, kind, value: `${file.sizeBytes} bytes` });
    } else {
      const sizes = { notebook: reference ? `${reference.sizeBytes} bytes` : null, pipeline: `${file.sizeBytes} bytes` };
      result.differences.push({ ...at, ...sizes, kind: reference ? kind : 'missing', message: `The file ${path} differs: ${difference}.` });
    }
  }
  for (const [path, file] of wanted) {
    const cellId = cellNaming(expected.cells, path);
    if (!have.has(path) && cellId !== null) {
      result.differences.push({ cellId, kind: 'missing', name: path, notebook: `${file.sizeBytes} bytes`, pipeline: null, message: `The file ${path} is missing in the pipeline.` });
    }
  }
}

const CODECS: Record<string, StoredValue['codec']> = { parquet: 'parquet', npy: 'npy', json: 'json', pkl: 'cloudpickle', pickle: 'cloudpickle' };
const extensionOf = (path: string): string => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
const isTable = (path: string): boolean => ['parquet', 'csv', 'tsv', 'npy', 'feather', 'xlsx'].includes(extensionOf(path));

async function whyDifferent(path: string, a: StoredFile, b: StoredFile, deps: CompareDeps): Promise<string | null> {
  if (a.digest === b.digest) {
    return null;
  }
  const extension = extensionOf(path);
  if (extension === 'csv' || extension === 'tsv') {
    return compareTables(await deps.readText(a.digest), await deps.readText(b.digest), TOLERANCE);
  }
  const codec = CODECS[extension];
  if (!codec) {
    return 'its bytes are others';
  }
  const verdict = await deps.compareValues({ name: path, codec, digest: a.digest, sizeBytes: a.sizeBytes }, { name: path, codec, digest: b.digest, sizeBytes: b.sizeBytes });
  return verdict.isEqual ? null : verdict.message;
}

/** The last cell that names the file, which is most likely the one that writes it. */
function cellNaming(cells: readonly { id: string; source: string }[], path: string): string | null {
  const name = path.split('/').at(-1)!;
  return cells.findLast(c => c.source.includes(name))?.id ?? null;
}
