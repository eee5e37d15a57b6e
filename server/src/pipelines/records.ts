import { relative, resolve } from 'node:path';
import type { MachineSample } from '@slipway/kernels-bridge';
import { isStorable } from '../artifacts';
import type { Db, Tx } from '../database';
import type { NewEvent } from '../events';
import { datasetUri, modelUri, pipelineUri, runUri, type Lineage } from '../lineage';
import { NotFound } from '../core/errors';
import { stepModels, upsertStepModel } from './cache-store';
import { folderOf } from './content';
import type { LiveRun, LiveStep } from './live-run';
import { childRunId, toldPlaces } from './told-runs';
import { mlflowKey } from './mlflow-key';
import type { RegistryPort, TrackingPort } from './ports';
import type { StepOutcome, ToldRun } from './step-outcome';
import { writeTold } from './told-records';

type Point = { key: string; value: number; step?: number; timestamp?: Date };

/** A model a run made, and the version it already has where its step came from the cache. */
export interface RunModel {
  step: LiveStep;
  variable: string;
  /** Folder among the run's artifacts. */
  path: string;
  /** The run below the pipeline's that the folder is in, as the step's code knows it; null: the pipeline's own. */
  of: string | null;
  modelName: string;
  known: { name: string; version: string } | null;
}

/**
 * Writes what pipeline runs did where people and MLflow look for it: the run's
 * params, metrics, artifacts, registered models, and what came from what.
 */
export function createRecords(deps: { db: Db; tracking: TrackingPort; registry: RegistryPort; lineage: Lineage }) {
  const { tracking, registry, lineage } = deps;

  return {
    /** The MLflow run of a pipeline run; its experiment has the pipeline's name. */
    async open(tx: Tx, run: { id: string; pipeline: string; version: number; notebookPath: string; params: Record<string, unknown>; trigger: string; userId: string; mlflow?: { parentRunId: string; tags: Record<string, string> } }): Promise<string> {
      const experimentId = await tracking.ensureExperiment(tx, run.pipeline);
      const mlflowRunId = await tracking.createRun(tx, {
        experimentId,
        name: `${run.pipeline}-${run.id.slice(0, 8)}`,
        ...(run.mlflow && { parentRunId: run.mlflow.parentRunId }),
        userId: run.userId,
        startTime: new Date(),
        tags: {
          'mlflow.source.name': run.notebookPath,
          'mlflow.source.type': run.notebookPath.endsWith('.ipynb') ? 'NOTEBOOK' : 'LOCAL',
          'slipway.kind': 'pipeline',
          'slipway.pipeline': run.pipeline,
          'slipway.version': String(run.version),
          'slipway.run_id': run.id,
          'slipway.trigger': run.trigger,
          ...run.mlflow?.tags
        }
      });
      const params = Object.fromEntries(Object.entries(run.params).map(([name, value]) => [mlflowKey(name), pythonText(value)]));
      if (Object.keys(params).length > 0) {
        await tracking.log(tx, mlflowRunId, { params });
      }
      await lineage.link(tx, run.version === 0 ? [] : [{ from: pipelineUri(run.pipeline, run.version), to: runUri(mlflowRunId) }]);
      return mlflowRunId;
    },
    /** What steps found and made, whether they succeeded, failed or came from the cache; the news of it are the caller's to tell. */
    async write(tx: Tx, run: LiveRun, steps: readonly LiveStep[]): Promise<NewEvent[]> {
      const mlflowRunId = run.row.mlflow_run_id;
      const done = steps.flatMap(step => (step.outcome ? [{ step, outcome: step.outcome }] : []));
      if (mlflowRunId === null || done.length === 0) {
        return [];
      }
      const metrics: Point[] = done.flatMap(d => d.outcome.metrics).map(m => ({ key: mlflowKey(m.name), value: Number(m.value), step: m.step }));
      metrics.push(...done.flatMap(({ step, outcome }) => (step.isCached ? [] : machineMetrics(outcome.machine ?? [], run.row.created_at))));
      const places = toldPlaces(run.steps);
      const files = done.flatMap(d => [...artifactsOf(run, d.step, d.outcome), ...toldFiles(run, places.get(d.step.name)!.own)]);
      const { root, news } = await tracking.record(tx, mlflowRunId, { metrics, files: files.filter(f => isStorable(f.path)) });
      await writeTold(tx, tracking, run, steps);
      await lineage.link(tx, [
        ...[...new Set(done.flatMap(d => datasetsRead(run, d.outcome).map(datasetUri)))].map(from => ({ from, to: runUri(mlflowRunId) })),
        ...filesWritten(done, root).map(to => ({ from: runUri(mlflowRunId), to }))
      ]);
      return news;
    },
    /** Models of a run that succeeded, to be registered; one whose step was cached keeps the version it has. Trials of a sweep register none: of hundreds one is wanted. */
    async modelsOf(run: LiveRun): Promise<RunModel[]> {
      if (run.row.mlflow_run_id === null || run.row.trigger === 'sweep') {
        return [];
      }
      // A map's items come from the cache one by one; the key of all is the same only where those of each are.
      const mayBeKnown = (s: LiveStep): boolean => s.isCached || (s.kind === 'map' && run.row.use_cache);
      const known = await stepModels(deps.db, run.row.pipeline, run.steps.flatMap(s => (mayBeKnown(s) && s.stepKey !== null ? [s.stepKey] : [])));
      const saved = run.steps.flatMap(step => (step.outcome?.models ?? []).map(({ variable }) => ({ step, variable, of: null, ...modelPlace(run, variable) })));
      const models = [...saved, ...registeredByCode(run)];
      return Promise.all(
        models.map(async model => {
          const row = known.find(k => k.step_key === model.step.stepKey && k.variable === model.variable);
          return { ...model, known: row ? await stillThere(registry, row.model_name, row.model_version) : null };
        })
      );
    },
    /** Registers what has no version yet; gives the versions of all. */
    async register(tx: Tx, run: LiveRun, models: readonly RunModel[]): Promise<{ name: string; version: string }[]> {
      const mlflowRunId = run.row.mlflow_run_id!;
      const versions: { name: string; version: string }[] = [];
      for (const model of models) {
        const runId = model.of === null ? mlflowRunId : childRunId(mlflowRunId, model.of);
        const version =
          model.known ??
          (await registry.registerVersion(tx, {
            name: model.modelName,
            source: `runs:/${runId}/${model.path}`,
            runId,
            tags: { 'slipway.pipeline': run.row.pipeline, 'slipway.pipeline_version': String(run.row.version), 'slipway.run_id': run.row.id, 'slipway.kernel': run.content.kernelName }
          }));
        versions.push({ name: version.name, version: version.version });
        if (model.step.stepKey !== null) {
          await upsertStepModel(tx, { pipeline: run.row.pipeline, step_key: model.step.stepKey, variable: model.variable, model_name: version.name, model_version: version.version });
        }
        await lineage.link(tx, [{ from: runUri(runId), to: modelUri(version.name, version.version) }]);
      }
      return versions;
    },
    /** Remembers what the run ran on: all that any of its steps read. */
    async inputs(tx: Tx, run: LiveRun): Promise<void> {
      if (run.row.mlflow_run_id !== null) {
        const digests = run.steps.flatMap(s => (s.outcome ? datasetsRead(run, s.outcome).map(d => d.digest) : []));
        await tracking.recordInputs(tx, run.row.mlflow_run_id, { sources: run.content.cells.map(c => c.source), params: Object.keys(run.row.params), digests });
      }
    },
    async close(tx: Tx, mlflowRunId: string | null, status: 'succeeded' | 'failed' | 'cancelled'): Promise<void> {
      if (mlflowRunId !== null) {
        await tracking.finishRun(tx, mlflowRunId, ({ succeeded: 'FINISHED', failed: 'FAILED', cancelled: 'KILLED' } as const)[status], new Date());
      }
    },
    /** The run goes on; of the params that steps told MLflow `toldParams` are told anew. */
    async reopen(tx: Tx, mlflowRunId: string | null, toldParams: readonly string[]): Promise<void> {
      if (mlflowRunId !== null) {
        await tracking.removeParams(tx, mlflowRunId, toldParams);
        await tracking.reopenRun(tx, mlflowRunId);
      }
    }
  };
}

/** What the machine did while a step ran, as MLflow's system metrics; their steps are the run's seconds, for steps run side by side. */
function machineMetrics(samples: readonly MachineSample[], since: Date): Point[] {
  return samples.flatMap(({ at, values }) => {
    const timestamp = new Date(at);
    const step = Math.max(0, Math.round((timestamp.getTime() - since.getTime()) / 1_000));
    return Object.entries(values).map(([name, value]) => ({ key: `system/${mlflowKey(name)}`, value, step, timestamp }));
  });
}

export type Records = ReturnType<typeof createRecords>;

/** Executed notebook, files written, model folders: each by its path among the run's artifacts. */
function artifactsOf(run: LiveRun, step: LiveStep, outcome: StepOutcome): { path: string; digest: string; sizeBytes: number }[] {
  const { notebook, files, models } = outcome;
  return [
    ...(notebook ? [{ path: `notebooks/${fileName(step)}.ipynb`, ...notebook }] : []),
    ...files.map(f => ({ ...f, path: `files/${f.path}` })),
    ...models.flatMap(m => m.files.map(f => ({ ...f, path: `${modelPlace(run, m.variable).path}/${f.path}` })))
  ];
}

/** What the code gave MLflow as files of the pipeline's own run. */
function toldFiles(run: LiveRun, own: readonly ToldRun[]): { path: string; digest: string; sizeBytes: number }[] {
  return own.flatMap(told => told.files.map(f => ({ ...f, path: toldPath(run, f.path) })));
}

/** Folders that Slipway itself writes to are not mixed with the code's. */
function toldPath(run: LiveRun, path: string): string {
  const ours = new Set(['files', 'notebooks', 'logs', ...run.content.models.map(m => modelPlace(run, m.variable).path)]);
  return ours.has(path.split('/')[0]!) ? `logged/${path}` : path;
}

/** Models that steps registered by themselves, where they told MLflow of them. */
function registeredByCode(run: LiveRun): Omit<RunModel, 'known'>[] {
  const places = toldPlaces(run.steps);
  return run.row.version === 0 ? [] : run.steps.flatMap(step => {
    const { own, children } = places.get(step.name)!;
    const versions = [
      ...own.flatMap(told => told.registered.map(({ name, path }) => ({ of: null, modelName: name, path: toldPath(run, path) }))),
      ...children.flatMap(told => told.registered.map(({ name, path }) => ({ of: told.id, modelName: name, path })))
    ];
    return versions.map((version, i) => ({ step, variable: `mlflow:${i}:${version.modelName}`, ...version }));
  });
}

/** The first model of a pipeline has its name; a further one adds its variable. */
function modelPlace(run: LiveRun, variable: string): { path: string; modelName: string } {
  const isFirst = (run.content.models[0]?.variable ?? variable) === variable;
  const suffix = isFirst ? '' : `-${variable}`;
  return { path: `model${suffix}`, modelName: `${run.row.pipeline}${suffix}` };
}

/** Files the step read that no step wrote: where the run's data came from. */
export function datasetsRead(run: Pick<LiveRun, 'content'> & { steps: readonly Pick<LiveStep, 'outcome'>[] }, outcome: StepOutcome): { path: string; digest: string }[] {
  const folder = folderOf(run.content);
  const ours = new Set([...run.content.modules, ...run.steps.flatMap(s => s.outcome?.files ?? [])].map(f => f.path));
  return outcome.reads
    .filter(r => r.kind === 'file' && !r.path.endsWith('.py'))
    .map(r => ({ path: resolve(folder, r.path), digest: r.digest }))
    .filter(r => !ours.has(relative(folder, r.path)));
}

/** Files of the steps by where they are kept: the private layer they were written to is gone. What is a model is told as one. */
function filesWritten(done: readonly { outcome: StepOutcome }[], root: string): string[] {
  return done.flatMap(({ outcome }) => outcome.files.map(f => datasetUri({ path: `mlflow-artifacts:/${root}/files/${f.path}`, digest: f.digest })));
}

async function stillThere(registry: RegistryPort, name: string, version: string): Promise<{ name: string; version: string } | null> {
  try {
    return await registry.resolve(name, version);
  } catch (err) {
    if (err instanceof NotFound) {
      return null;
    }
    throw err;
  }
}

/** `2-train`: keeps artifacts in the order of the steps; no character that a path cannot hold. */
export function fileName(step: Pick<LiveStep, 'ordinal' | 'name'>): string {
  return `${step.ordinal + 1}-${step.name.replace(/[^\w.-]+/g, '_')}`;
}

/** As Python prints it, which is how MLflow's clients log params. */
function pythonText(value: unknown): string {
  return value === null ? 'None' : value === true ? 'True' : value === false ? 'False' : String(value);
}
