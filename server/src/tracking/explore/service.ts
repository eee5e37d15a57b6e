import { toMetricValue, type ArtifactPreview, type Curve, type RunArtifact, type RunColumns, type RunDetail, type RunGroupsQuery, type RunRowsQuery } from '@slipway/schema';
import type { ArtifactFile, Artifacts } from '../../artifacts';
import type { Db } from '../../database';
import { artifactRoot, type Tracking } from '../service';
import { createArtifactFiles } from './artifact-files';
import { listColumns, listExperiments } from './experiment-list';
import { NOTE, describeRun } from './run-detail';
import { readGroups } from './run-groups';
import { readRows } from './run-rows';

export type Explorer = ReturnType<typeof createExplorer>;

/** Looking through experiments and runs: tables, curves, details, files. */
export function createExplorer(deps: { db: Db; tracking: Tracking; artifacts: Artifacts }) {
  const { db, tracking } = deps;
  const { runs, experiments } = tracking;
  const files = createArtifactFiles(deps.artifacts);
  const rootOf = async (runId: string): Promise<string> => artifactRoot(await runs.find(runId));
  /** @throws {NotFound} `no_such_experiment` */
  const need = async (experimentId: string | null): Promise<void> => void (experimentId !== null && (await experiments.get(experimentId)));
  const describe = async (runId: string): Promise<RunDetail> => describeRun(db, await runs.view(runId));

  return {
    describe,
    experiments: (query: { search: string; limit: number }) => listExperiments(db, query),
    async columns(experimentId: string | null): Promise<RunColumns> {
      await need(experimentId);
      return listColumns(db, experimentId);
    },
    async rows(query: RunRowsQuery) {
      await need(query.experimentId);
      return readRows(db, query);
    },
    async groups(query: RunGroupsQuery) {
      await need(query.experimentId);
      return readGroups(db, query);
    },
    async setNote(runId: string, note: string): Promise<RunDetail> {
      await db.transaction().execute(tx => runs.log(tx, runId, { tags: [{ key: NOTE, value: note }] }));
      return describe(runId);
    },
    /** Curves of those runs that have the metric, at most `points` of each. */
    async curves(query: { runIds: string[]; keys: string[]; points: number }): Promise<Curve[]> {
      const curves = new Map<string, Curve>();
      for (const key of query.keys) {
        for (const row of await runs.sampledHistory(query.runIds, key, query.points, null)) {
          const id = `${row.run_id} ${key}`;
          const curve = curves.get(id) ?? { runId: row.run_id, key, steps: [], times: [], values: [] };
          curve.steps.push(Number(row.step));
          curve.times.push(Number(row.timestamp));
          curve.values.push(toMetricValue(row.value));
          curves.set(id, curve);
        }
      }
      return [...curves.values()];
    },
    artifacts: async (runId: string, path: string): Promise<RunArtifact[]> => files.list(await rootOf(runId), path),
    images: async (runId: string): Promise<string[]> => files.images(await rootOf(runId)),
    preview: async (runId: string, path: string): Promise<ArtifactPreview> => files.preview(await rootOf(runId), path),
    file: async (runId: string, path: string): Promise<ArtifactFile> => files.find(await rootOf(runId), path)
  };
}
