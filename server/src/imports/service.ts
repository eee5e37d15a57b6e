import type { ImportedModel, ImportedRun, RunImport, RunImportReply } from '@slipway/schema';
import type { z } from 'zod';
import type { Db, Tx } from '../database';
import type { Lineage } from '../lineage';
import { importModel } from '../registry';
import { artifactRoot, type Tracking } from '../tracking';

export type Imports = ReturnType<typeof createImports>;
type Run = z.output<typeof ImportedRun>;

const BATCH = 1_000;
const PAIRS = 100;

/** Takes in what another tracking server holds, under the same ids: to send it again changes nothing. */
export function createImports(deps: { db: Db; tracking: Tracking; lineage: Lineage }) {
  const { db, tracking } = deps;
  const { runs, experiments, loggedModels } = tracking;

  async function importRun(tx: Tx, experimentId: string, run: Run): Promise<string> {
    await runs.create(tx, { id: run.runId, experimentId, name: run.name, userId: run.userId, startTime: BigInt(run.startTime), tags: {} });
    const params = Object.entries(run.params).map(([key, value]) => ({ key, value }));
    const tags = Object.entries(run.tags).map(([key, value]) => ({ key, value }));
    for (let i = 0; i < Math.max(params.length, tags.length); i += PAIRS) {
      await runs.log(tx, run.runId, { params: params.slice(i, i + PAIRS), tags: tags.slice(i, i + PAIRS) });
    }
    for (const { key, points, modelId } of run.metrics) {
      for (let i = 0; i < points.length; i += BATCH) {
        const metrics = points.slice(i, i + BATCH).map(([step, timestamp, value]) => ({ key, step: BigInt(step), timestamp: BigInt(timestamp), value: Number(value), modelId: modelId ?? null }));
        await runs.log(tx, run.runId, { metrics });
      }
    }
    await tracking.linkDatasets(tx, run.runId, run.datasets);
    await tracking.recordLoggedInputs(tx, run.runId);
    await runs.setImported(tx, run.runId, { status: run.status, endTime: run.endTime === null ? null : BigInt(run.endTime) });
    return artifactRoot(await runs.findActive(tx, run.runId));
  }

  return {
    /** All of a batch or nothing of it. @throws {InvalidInput} for what MLflow would refuse too */
    runs({ experiment, runs: batch, loggedModels: models }: z.output<typeof RunImport>): Promise<z.input<typeof RunImportReply>> {
      return db.transaction().execute(async tx => {
        const experimentId = await experiments.ensure(tx, experiment.name);
        for (const [key, value] of Object.entries(experiment.tags)) {
          await experiments.setTag(experimentId, key, value, tx);
        }
        await runs.setLifecycles(tx, batch.map(run => run.runId), 'active'); // one that came over deleted before
        const folders: { id: string; folder: string }[] = [];
        for (const run of batch) {
          folders.push({ id: run.runId, folder: await importRun(tx, experimentId, run) });
        }
        for (const model of models) {
          const { row } = await loggedModels.take(tx, { ...model, experimentId });
          folders.push({ id: row.id, folder: artifactRoot({ artifact_uri: row.artifact_location }) });
        }
        // Last: nothing can be logged to a deleted run.
        await runs.setLifecycles(tx, batch.filter(run => run.isDeleted).map(run => run.runId), 'deleted');
        return { experimentId, folders };
      });
    },
    /** A registered model with its versions under their own numbers. */
    model: (model: z.output<typeof ImportedModel>): Promise<{ versionCount: number; newVersionCount: number }> => db.transaction().execute(tx => importModel(tx, deps, model))
  };
}
