import type { ImportedLoggedModel, ImportedModel, ImportedRun } from '@slipway/schema';
import type { SourceLoggedModel, SourceMetric, SourceModel, SourceRun, SourceVersion } from './mlflow-source';

/** A run as MLflow's API tells it, as the record of an import. */
export function toRun(run: SourceRun, histories: ReadonlyMap<string, SourceMetric[]>, modelOf: (runId: string, point: SourceMetric) => string | undefined): ImportedRun {
  const { info, data } = run;
  return {
    runId: info.run_id,
    name: info.run_name ?? info.run_id,
    userId: info.user_id ?? '',
    status: info.status as ImportedRun['status'],
    isDeleted: info.lifecycle_stage === 'deleted',
    startTime: info.start_time ?? 0,
    endTime: info.end_time ?? null,
    params: texts(data.params),
    tags: texts(data.tags),
    metrics: [...histories].flatMap(([key, points]) => byModel(points, point => modelOf(info.run_id, point)).map(([modelId, own]) => ({ key, points: own.map(p => [p.step, p.timestamp, finite(p.value)] as [number | string, number | string, ImportedRun['metrics'][number]['points'][number][2]]), ...(modelId !== undefined && { modelId }) }))),
    datasets: (run.inputs?.dataset_inputs ?? []).map(({ dataset: d, tags }) => ({ name: d.name, digest: d.digest, sourceType: d.source_type ?? '', source: d.source ?? '', schema: d.schema ?? null, profile: d.profile ?? null, tags: texts(tags) }))
  };
}

export function toLoggedModel({ info, data }: SourceLoggedModel): ImportedLoggedModel {
  const status = info.status.startsWith('LOGGED_MODEL_') ? info.status : `LOGGED_MODEL_${info.status}`;
  return { modelId: info.model_id, name: info.name, modelType: info.model_type ?? null, sourceRunId: info.source_run_id ?? null, status: status as ImportedLoggedModel['status'], params: texts(data?.params), tags: texts(info.tags) };
}

type FolderOf = (uri: string) => string | null;

/** `folderOf` tells the folder an address means, `runOf` the run whose artifacts a folder belongs to. */
export function toModel(model: SourceModel, versions: readonly SourceVersion[], folderOf: FolderOf, runOf: (folder: string) => { runId: string; below: string } | undefined): ImportedModel {
  return {
    name: model.name,
    description: model.description ?? '',
    tags: texts(model.tags),
    aliases: Object.fromEntries((model.aliases ?? []).map(a => [a.alias, a.version])),
    versions: versions.map(v => ({
      version: v.version,
      source: sourceOf(v.source ?? '', folderOf, runOf),
      runId: v.run_id || null,
      modelId: v.model_id || null,
      description: v.description ?? '',
      userId: v.user_id ?? '',
      stage: v.current_stage ?? 'None',
      createdAt: v.creation_timestamp ?? 0,
      tags: texts(v.tags)
    }))
  };
}

/** The other server's folders mean nothing here; its runs and models keep their ids. */
function sourceOf(source: string, folderOf: FolderOf, runOf: (folder: string) => { runId: string; below: string } | undefined): string {
  const folder = folderOf(source);
  if (folder === null) {
    return source;
  }
  const model = /(?:^|\/)models\/(m-[0-9a-f]{32})\/artifacts/.exec(folder)?.[1];
  const run = runOf(folder);
  return model !== undefined ? `models:/${model}` : run ? `runs:/${run.runId}/${run.below}` : source;
}

function byModel(points: readonly SourceMetric[], modelOf: (point: SourceMetric) => string | undefined): [string | undefined, SourceMetric[]][] {
  const groups = new Map<string | undefined, SourceMetric[]>();
  for (const point of points) {
    const model = modelOf(point);
    const group = groups.get(model) ?? [];
    group.push(point);
    groups.set(model, group);
  }
  return [...groups];
}

const finite = (value: number | string): ImportedRun['metrics'][number]['points'][number][2] => (typeof value === 'number' ? value : /^(NaN|-?Infinity)$/.test(value) ? (value as 'NaN') : Number(value));

function texts(pairs: readonly { key: string; value: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]));
}
