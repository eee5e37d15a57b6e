import type { Artifacts } from '../artifacts';
import type { Db, Tx } from '../database';
import type { Events, NewEvent } from '../events';
import { artifactRoot } from './artifact-root';
import { createRunChanger } from './changes';
import { createExperiments } from './experiments';
import { loggedModelUri, mlflowDatasetUri, runUri, type Lineage } from '../lineage';
import { describeForLineage } from './lineage-names';
import { createLoggedModels } from './logged-models';
import { createPurger } from './purge';
import { linkDataset, linkModel, type NewDataset } from './run-links-store';
import { recordInputs, recordLoggedInputs, type RanOn } from './same-inputs';
import { createRunParts } from './run-parts';
import { createRuns, type NewRun } from './runs';
import { searchExperiments, searchRuns, type Page, type ViewType } from './search';
import { findRun } from './run-store';
import { viewRuns } from './run-view';
import type { RunRow } from './tables';

export { artifactRoot } from './artifact-root';
export type Tracking = ReturnType<typeof createTracking>;
type Texts = Record<string, string>;
export interface Point {
  key: string;
  value: number;
  step?: number | string;
  timestamp?: Date;
}

/** Experiments, runs and logged models: MLflow's own behind its API, and the plain calls other features make. */
export function createTracking(deps: { db: Db; events: Events; artifacts: Artifacts; lineage: Lineage }) {
  const { db, artifacts, lineage } = deps;
  const experiments = createExperiments({ db });
  const runs = createRuns({ db, events: deps.events, experiments });
  const loggedModels = createLoggedModels({ db, experiments, lineage });

  return {
    ...createRunParts({ runs, artifacts }),
    experiments,
    runs,
    loggedModels,
    changes: createRunChanger({ db, events: deps.events, experiments }),
    purger: createPurger({ db, events: deps.events, artifacts }),
    search: {
      runs: (experimentIds: readonly string[], page: Page & { viewType: ViewType }) => searchRuns(db, experimentIds, page),
      async experiments(page: Page & { viewType: ViewType }) {
        const { rows, nextPageToken } = await searchExperiments(db, page);
        return { rows: await experiments.withTags(rows), nextPageToken };
      }
    },
    ensureExperiment: (tx: Tx, name: string): Promise<string> => experiments.ensure(tx, name),
    createRun: (tx: Tx, run: NewRun): Promise<string> => runs.create(tx, run),
    /** Any number of params, metrics and tags; in pieces of MLflow's batch size. */
    async log(tx: Tx, runId: string, data: { params?: Texts; metrics?: Point[]; tags?: Texts }): Promise<void> {
      const params = pairs(data.params);
      const tags = pairs(data.tags);
      const metrics = (data.metrics ?? []).map(toMetric);
      for (let i = 0; i < Math.max(params.length, tags.length, metrics.length / 8); i += 100) {
        await runs.log(tx, runId, { params: params.slice(i, i + 100), tags: tags.slice(i, i + 100), metrics: metrics.slice(i * 8, (i + 100) * 8) });
      }
    },
    /** Metrics and files of one run, which is found once; gives the folder its files lie in, and the news of it, which are the caller's to tell. */
    async record(tx: Tx, runId: string, data: { metrics: readonly Point[]; files: readonly { path: string; digest: string; sizeBytes: number }[] }): Promise<{ root: string; news: NewEvent[] }> {
      const run = await runs.findActive(tx, runId);
      const metrics = data.metrics.map(toMetric);
      for (let i = 0; i < metrics.length; i += 800) {
        await runs.measured(tx, run, metrics.slice(i, i + 800));
      }
      const root = artifactRoot(run);
      await artifacts.files.setAll(tx, data.files.map(f => ({ ...f, path: `${root}/${f.path}` })));
      return { root, news: metrics.length === 0 ? [] : [runs.newsOf(run)] };
    },
    finishRun: (tx: Tx, runId: string, status: 'FINISHED' | 'FAILED' | 'KILLED', endTime: Date): Promise<void> => runs.setStatus(tx, runId, status, endTime),
    reopenRun: (tx: Tx, runId: string): Promise<void> => runs.setStatus(tx, runId, 'RUNNING', null),
    moveRun: (tx: Tx, runId: string, experimentId: string): Promise<void> => runs.move(tx, runId, experimentId),
    removeMetrics: (tx: Tx, runId: string, keys: readonly string[]): Promise<void> => runs.removeMetrics(tx, runId, keys),
    /** Names a stored blob as an artifact of the run. */
    async setArtifact(tx: Tx, runId: string, path: string, blob: { digest: string; sizeBytes: number }): Promise<void> {
      await artifacts.files.set(tx, `${artifactRoot(await runs.findActive(tx, runId))}/${path}`, blob);
    },
    /** Names many stored blobs at once; gives the folder they lie in. */
    async setArtifacts(tx: Tx, runId: string, files: readonly { path: string; digest: string; sizeBytes: number }[]): Promise<string> {
      const root = artifactRoot(await runs.findActive(tx, runId));
      await artifacts.files.setAll(tx, files.map(f => ({ ...f, path: `${root}/${f.path}` })));
      return root;
    },
    /** Records the datasets that a run used. */
    async linkDatasets(tx: Tx, runId: string, datasets: readonly (NewDataset & { tags: Texts })[]): Promise<void> {
      const run = await runs.findActive(tx, runId);
      for (const { tags, ...dataset } of datasets) {
        await linkDataset(tx, run, dataset, pairs(tags));
      }
      await lineage.link(tx, datasets.map(d => ({ from: mlflowDatasetUri(d), to: runUri(runId) })));
    },
    /** Records the logged models that a run took in or gave. */
    async linkModels(tx: Tx, runId: string, role: 'input' | 'output', models: readonly { modelId: string; step?: string }[]): Promise<void> {
      const run = await runs.findActive(tx, runId);
      for (const { modelId, step } of models) {
        await linkModel(tx, { run_id: run.id, model_id: modelId, role, step: step ?? '0' });
      }
      await lineage.link(tx, models.map(m => (role === 'input' ? { from: loggedModelUri(m.modelId), to: runUri(run.id) } : { from: runUri(run.id), to: loggedModelUri(m.modelId) })));
    },
    /** Remembers what a run ran on, inside the caller's transaction. */
    recordInputs: (tx: Tx, runId: string, ranOn: RanOn): Promise<void> => recordInputs(tx, runId, ranOn),
    /** The same for a run that MLflow's client ended, from what it logged. */
    async recordLoggedInputs(tx: Tx, runId: string): Promise<void> {
      const rows = await tx.selectFrom('run_tag').select(['key', 'value']).where('run_id', '=', runId).execute();
      await recordLoggedInputs(tx, runId, texts(rows));
    },
    /** What people call runs and logged models. */
    describe: (uris: readonly string[]) => describeForLineage(db, uris),
    async artifactRootOf(runId: string): Promise<string | null> {
      const run = await findRun(db, runId);
      return run ? artifactRoot(run) : null;
    },
    getRun: (from: Db, runId: string): Promise<RunRow | undefined> => findRun(from, runId),
    /** Params, latest metrics and tags of those of the runs that exist and are not deleted. */
    async readRuns(from: Db, runIds: readonly string[]) {
      const rows = runIds.length === 0 ? [] : await from.selectFrom('run').selectAll().where('id', 'in', runIds).where('lifecycle_stage', '=', 'active').execute();
      return (await viewRuns(from, rows)).map(view => ({
        runId: view.row.id,
        status: view.row.status,
        params: texts(view.params),
        metrics: view.metrics.map(m => ({ key: m.key, value: m.value, step: Number(m.step) })),
        tags: texts(view.tags)
      }));
    }
  };
}

const toMetric = (m: Point) => ({ key: m.key, value: m.value, step: BigInt(m.step ?? 0), timestamp: BigInt(m.timestamp?.getTime() ?? Date.now()) });

function pairs(record: Texts | undefined): { key: string; value: string }[] {
  return Object.entries(record ?? {}).map(([key, value]) => ({ key, value }));
}

function texts(list: readonly { key: string; value: string }[]): Texts {
  return Object.fromEntries(list.map(({ key, value }) => [key, value]));
}
