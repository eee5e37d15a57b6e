import { createBookReader, type BookReader as Reader, type Shelf } from './book-reader';
import type { LoggedRun } from './spec';

/** `slipway.step.logged_metrics.BOOKS`. */
const BOOKS = 'slipway-mlruns';
/** Of one step, and of one of its runs; what is beyond is left out, and said so. */
const MOST_RUNS = 500;
const MOST_POINTS = 10_000;
const STATUS: Record<number, LoggedRun['status']> = { 3: 'FINISHED', 4: 'FAILED', 5: 'KILLED' };

/** Where a model's files lie among those of a run. */
interface Place {
  run: LoggedRun;
  path: string;
}

/**
 * What a step's code told MLflow, from the file store MLflow kept in the step's
 * folder. User code may have written there by itself: what has not the shape of
 * MLflow's books is passed by.
 */
export async function readBooks(shelf: Shelf): Promise<{ runs: LoggedRun[]; leftOut: string[] }> {
  const reader = createBookReader(shelf);
  const books = reader.folders(BOOKS, /^\d{1,30}$/);
  const folders = books.flatMap(book => reader.folders(book, /^[0-9a-f]{32}$/));
  reader.leaveOut(folders.slice(MOST_RUNS).map(folder => `run ${folder.slice(-32)}`));
  const runs: LoggedRun[] = [];
  for (const folder of folders.slice(0, MOST_RUNS)) {
    runs.push(...(await readRun(reader, folder)));
  }
  runs.sort((a, b) => a.startedAt - b.startedAt);
  await addVersions(reader, runs, await addModels(reader, runs, await modelsIn(reader, books)));
  return { runs: runs.map(run => shelf.mask.deep(run)), leftOut: reader.leftOut };
}

async function readRun(reader: Reader, folder: string): Promise<LoggedRun[]> {
  const meta = await reader.yaml(`${folder}/meta.yaml`);
  if (meta === null || meta.lifecycle_stage === 'deleted') {
    return [];
  }
  const tags = await reader.values(`${folder}/tags`);
  const { 'mlflow.parentRunId': parentId = null, 'mlflow.runName': name = '' } = tags;
  return [
    {
      id: folder.slice(-32),
      name,
      parentId,
      status: STATUS[Number(meta.status)] ?? null,
      startedAt: millis(meta.start_time) ?? 0,
      endedAt: millis(meta.end_time),
      params: await reader.values(`${folder}/params`),
      tags,
      metrics: await curvesOf(reader, `${folder}/metrics`),
      datasets: await datasetsOf(reader, folder),
      files: await reader.files(`${folder}/artifacts`),
      registered: []
    }
  ];
}

/** `MILLISECONDS VALUE STEP` a line. */
async function curvesOf(reader: Reader, folder: string): Promise<LoggedRun['metrics']> {
  const curves: LoggedRun['metrics'] = {};
  let left = MOST_POINTS;
  for (const name of reader.names(folder)) {
    const lines = ((await reader.text(`${folder}/${name}`)) ?? '').split('\n').filter(line => /^-?\d+ \S+ -?\d+/.test(line));
    if (lines.length > left) {
      reader.leaveOut([`points of ${name}`]);
    }
    const points = lines.slice(0, left).flatMap((line): LoggedRun['metrics'][string] => {
      const [at = '', value = '', step = ''] = line.split(' ');
      const time = millis(Number(at));
      return time !== null && Number.isSafeInteger(Number(step)) ? [[metricValue(value), Number(step), time]] : [];
    });
    left -= points.length;
    curves[name] = points;
  }
  return curves;
}

/** As Python writes floats; JSON has no words for some. */
function metricValue(text: string): number | 'NaN' | 'Infinity' | '-Infinity' {
  const words = { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' } as const;
  return words[text as keyof typeof words] ?? (Number.isFinite(Number(text)) ? Number(text) : 'NaN');
}

async function datasetsOf(reader: Reader, folder: string): Promise<LoggedRun['datasets']> {
  const datasets: LoggedRun['datasets'] = [];
  for (const input of reader.folders(`${folder}/inputs`, /^[0-9a-f]{32}$/)) {
    const link = await reader.yaml(`${input}/meta.yaml`);
    const id = String(link?.source_id ?? '');
    const meta = /^[0-9a-f]{32}$/.test(id) ? await reader.yaml(`${folder.slice(0, -33)}/datasets/${id}/meta.yaml`) : null;
    if (meta !== null) {
      const text = (value: unknown): string => (typeof value === 'string' ? value : '');
      datasets.push({
        name: text(meta.name),
        digest: text(meta.digest),
        sourceType: text(meta.source_type),
        source: text(meta.source),
        schema: text(meta.schema) || null,
        profile: text(meta.profile) || null,
        tags: Object.fromEntries(Object.entries(link?.tags ?? {}).map(([key, value]) => [key, text(value)]))
      });
    }
  }
  return datasets.filter(d => d.name !== '' && d.digest !== '');
}

/** A model is kept among the files of the run that logged it, as MLflow 2 did: under its name. */
interface BookedModel {
  folder: string;
  id: string;
  name: string;
  runId: string | null;
  madeAt: number;
}

async function modelsIn(reader: Reader, books: readonly string[]): Promise<BookedModel[]> {
  const models: BookedModel[] = [];
  for (const folder of books.flatMap(book => reader.folders(`${book}/models`, /^m-[0-9a-f]{32}$/))) {
    const meta = await reader.yaml(`${folder}/meta.yaml`);
    if (meta !== null && meta.lifecycle_stage !== 'deleted' && typeof meta.name === 'string') {
      models.push({ folder, id: folder.slice(-34), name: meta.name, runId: typeof meta.source_run_id === 'string' ? meta.source_run_id : null, madeAt: millis(meta.creation_timestamp) ?? 0 });
    }
  }
  return models.sort((a, b) => b.madeAt - a.madeAt);
}

/** Gives where each model lies now. The latest of a name has it; an earlier one of the same run has its id behind it. */
async function addModels(reader: Reader, runs: LoggedRun[], models: readonly BookedModel[]): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  for (const { id, name, folder, runId, madeAt } of models) {
    const run = runs.find(r => r.id === runId) ?? runs[0] ?? addRun(runs, id.slice(2), madeAt);
    const isTaken = run.files.some(file => file.path.startsWith(`${name}/`));
    const path = isTaken ? `${name}-${id.slice(2, 10)}` : name;
    run.files.push(...(await reader.files(`${folder}/artifacts`)).map(file => ({ ...file, path: `${path}/${file.path}` })));
    places.set(id, { run, path });
  }
  return places;
}

/** For a model that was logged outside of any run. */
function addRun(runs: LoggedRun[], id: string, startedAt: number): LoggedRun {
  const run: LoggedRun = { id, name: '', parentId: null, status: null, startedAt, endedAt: null, params: {}, tags: {}, metrics: {}, datasets: [], files: [], registered: [] };
  runs.push(run);
  return run;
}

/** What was registered in the step is noted at the run whose files it names. */
async function addVersions(reader: Reader, runs: readonly LoggedRun[], places: ReadonlyMap<string, Place>): Promise<void> {
  for (const model of reader.folders(`${BOOKS}/models`, /^[^/]{1,250}$/)) {
    for (const version of reader.folders(model, /^version-\d{1,6}$/)) {
      const meta = await reader.yaml(`${version}/meta.yaml`);
      const source = [meta?.model_id, meta?.storage_location, meta?.source].filter(text => typeof text === 'string').join(' ');
      const place = places.get(/m-[0-9a-f]{32}/.exec(source)?.[0] ?? '') ?? placeAmong(runs, source);
      if (place && typeof meta?.name === 'string' && /^[^/:]{1,250}$/.test(meta.name)) {
        place.run.registered.push({ name: meta.name, path: place.path });
      }
    }
  }
}

/** Of `runs:/RUN/PATH` and of the very folder in the books. */
function placeAmong(runs: readonly LoggedRun[], source: string): Place | undefined {
  const [, id, path] = /([0-9a-f]{32})\/(?:artifacts\/)?([^\s]+)/.exec(source) ?? [];
  const run = runs.find(r => r.id === id);
  return run && path !== undefined && run.files.some(file => file.path.startsWith(`${path}/`)) ? { run, path } : undefined;
}

/** The last instant there is a date for. */
const END_OF_TIME = 8.64e15;

function millis(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= END_OF_TIME ? value : null;
}
