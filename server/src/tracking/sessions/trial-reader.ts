import type { Trial } from '@slipway/schema';
import type { Db } from '../../database';
import { cellIds } from './execution-store';
import { paramsOf, toTrial } from './mapping';
import type { JoinedRun, RunsPort } from './ports';
import type { TrialRow } from './tables';
import * as trialStore from './trial-store';

/** Reads trials with what MLflow calls logged to the runs joined to them. */
export function createTrialReader(deps: { db: Db; runs: RunsPort }) {
  const { db, runs } = deps;
  return {
    /** Newest first; each knows how it differs from the one before it. */
    async list(sessionId: string, limit: number, before?: number): Promise<{ items: Trial[]; nextCursor?: string }> {
      const rows = await trialStore.listTrials(db, sessionId, limit + 1, before);
      const shown = rows.slice(0, limit);
      const metrics = await trialStore.metricsOf(db, shown.map(row => row.run_id));
      const ids = [...new Set(rows.flatMap(row => row.mlflow_run_ids))];
      const joined = new Map((ids.length > 0 ? await runs.readRuns(db, ids) : []).map(run => [run.runId, run]));
      const cells = await cellIds(db, shown.flatMap(row => row.slice));
      const items = shown.map((row, i) => {
        const previous = rows[i + 1];
        return toTrial(
          row,
          { metrics: metrics.filter(m => m.trial_id === row.run_id), joined: joinedOf(row, joined), cellIds: cells },
          previous && paramsOf(previous, joinedOf(previous, joined))
        );
      });
      return { items, nextCursor: rows.length > limit ? String(shown.at(-1)!.ordinal) : undefined };
    }
  };
}

function joinedOf(row: TrialRow, joined: ReadonlyMap<string, JoinedRun>): JoinedRun[] {
  return row.mlflow_run_ids.flatMap(id => joined.get(id) ?? []);
}
