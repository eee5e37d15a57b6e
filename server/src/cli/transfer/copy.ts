import type { MlflowSource, SourceLoggedModel, SourceMetric, SourceRun } from './mlflow-source';
import { toLoggedModel, toModel, toRun } from './records';
import { noTotals, sendFile, type Sink, type Totals } from './sink';

/** Runs whose files are fetched at once. */
const AT_ONCE = 8;

export interface CopyOptions {
  /** By name; all where none is named. */
  experiments: readonly string[];
  withModels: boolean;
  onProgress(totals: Totals): void;
}

/** Copies experiments with all that is logged to them, and the models registered from them, from a tracking server. */
export async function copyFrom(source: MlflowSource, sink: Sink, options: CopyOptions): Promise<Totals> {
  const totals = noTotals();
  const folders: Folders = new Map();
  for await (const experiment of source.experiments()) {
    if (options.experiments.length > 0 && !options.experiments.includes(experiment.name)) {
      continue;
    }
    const models: SourceLoggedModel[] = [];
    for await (const model of source.loggedModels(experiment.experiment_id)) {
      models.push(model);
    }
    const about = { name: experiment.name, tags: Object.fromEntries((experiment.tags ?? []).map(t => [t.key, t.value])) };
    const modelOf = modelsByPoint(models);
    let isFirst = true;
    for await (const runs of source.runs(experiment.experiment_id)) {
      await copyRuns({ source, sink, totals, folders }, about, runs, isFirst ? models : [], modelOf);
      isFirst = false;
      options.onProgress(totals);
    }
    totals.experiments++;
  }
  if (options.withModels) {
    for await (const model of source.models()) {
      const versions = await source.versions(model.name);
      await sink.model(toModel(model, versions, source.folderOf, folder => runOf(folders, folder)));
      totals.models++;
      totals.versions += versions.length;
      options.onProgress(totals);
    }
  }
  return totals;
}

/** Folder of the source → run. */
type Folders = Map<string, string>;
interface Copy {
  source: MlflowSource;
  sink: Sink;
  totals: Totals;
  folders: Folders;
}
type ModelOf = (runId: string, point: SourceMetric) => string | undefined;

async function copyRuns({ source, sink, totals, folders }: Copy, experiment: { name: string; tags: Record<string, string> }, runs: SourceRun[], models: SourceLoggedModel[], modelOf: ModelOf): Promise<void> {
  const histories = await source.histories(runs);
  const records = runs.map(run => toRun(run, histories.get(run.info.run_id)!, modelOf));
  const targets = await sink.runs({ experiment, runs: records, loggedModels: models.map(toLoggedModel) });
  totals.runs += runs.length;
  totals.loggedModels += models.length;
  totals.points += records.flatMap(run => run.metrics).reduce((sum, m) => sum + m.points.length, 0);
  const owners = [...runs.map(run => ({ id: run.info.run_id, uri: run.info.artifact_uri, isRun: true })), ...models.map(model => ({ id: model.info.model_id, uri: model.info.artifact_uri, isRun: false }))];
  const next = owners.values();
  const copyFiles = async (): Promise<void> => {
    for (const { id, uri, isRun } of next) {
      const folder = source.folderOf(uri);
      if (folder === null) {
        totals.left.push(`the files of ${id}: they lie at ${uri}, not behind the server`);
        continue;
      }
      if (isRun) {
        folders.set(folder, id);
      }
      const target = targets.get(id)!;
      const there = await sink.present(target);
      for await (const { path, sizeBytes } of source.files(folder)) {
        await sendFile(sink, totals, { folder: target, path, there }, { sizeBytes, bytes: () => source.open(`${folder}/${path}`) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, copyFiles));
}

/** MLflow tells of a point's model with the model, not with the point. */
function modelsByPoint(models: readonly SourceLoggedModel[]): ModelOf {
  // With its model MLflow tells NaN as 0.
  const name = (runId: string, p: SourceMetric): string => JSON.stringify([runId, p.key, String(p.step), String(p.timestamp), p.value === 'NaN' ? 0 : p.value]);
  const known = new Map(models.flatMap(model => (model.data?.metrics ?? []).map(m => [name(m.run_id, m), model.info.model_id] as const)));
  return (runId, point) => (known.size === 0 ? undefined : known.get(name(runId, point)));
}

function runOf(folders: Folders, folder: string): { runId: string; below: string } | undefined {
  const parts = folder.split('/');
  for (let n = parts.length; n > 0; n--) {
    const runId = folders.get(parts.slice(0, n).join('/'));
    if (runId !== undefined) {
      return { runId, below: parts.slice(n).join('/') };
    }
  }
  return undefined;
}
