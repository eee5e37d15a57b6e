import type { DeclaredRetention, KeepReason, PurgeReport, PurgeRequest, RetentionPreview, RetentionRule, SweepReport } from '@slipway/schema';
import type { Artifacts } from '../artifacts';
import type { Log } from '../core/log';
import type { Db } from '../database';
import { PIN_TAG, artifactRoot, type Protector, type Purged, type Tracking } from '../tracking';
import { judge } from './judge';
import * as store from './store';
import type { Candidate } from './store';

export type Upkeep = ReturnType<typeof createUpkeep>;

export interface UpkeepDeps {
  db: Db;
  log: Log;
  tracking: Tracking;
  artifacts: Artifacts;
  /** Runs and logged models that registered versions stand on. */
  isRegistered: Protector;
  /** Those of the runs that something is still writing to. */
  isUnderWay(from: Db, runIds: readonly string[]): Promise<readonly string[]>;
  /** Blobs that are used without a name, and since when more may be about to be. */
  blobsInUse(): Promise<{ digests: ReadonlySet<string>; since: Date | null }>;
}

const DAY_MS = 86_400_000;
const MOST_TOLD = 100;
const BATCH = 1_000;
const NOTHING: PurgeReport = { isDryRun: false, runs: 0, experiments: 0, keptRuns: 0, freedFiles: 0, freedBytes: 0, waitingFiles: 0, waitingBytes: 0 };

/** Rules of retention, the purge of what was deleted, and the disk space that it frees. */
export function createUpkeep(deps: UpkeepDeps) {
  const { db, tracking, artifacts } = deps;

  const protect: Protector = async (from, given) => {
    const [stood, underWay] = await Promise.all([deps.isRegistered(from, given), deps.isUnderWay(from, given.runs.map(run => run.id))]);
    return { runIds: new Set([...stood.runIds, ...underWay]), modelIds: stood.modelIds };
  };

  async function judged(experimentId: string, rule: RetentionRule): Promise<{ doomed: Candidate[]; kept: Map<string, KeepReason> }> {
    const runs = await store.candidates(db, experimentId, rule.keepBest, PIN_TAG);
    const models = await tracking.purger.modelsOf(runs.map(run => run.id));
    const stood = await protect(db, { runs: runs.map(run => ({ id: run.id, folder: folderOf(run) })), modelIds: models.map(m => m.id) });
    const registered = new Set([...stood.runIds, ...models.filter(m => stood.modelIds.has(m.id)).map(m => m.source_run_id!)]);
    const kept = judge(rule, runs, registered, Date.now());
    return { doomed: runs.filter(run => !kept.has(run.id)), kept };
  }

  async function bytesOnlyIn(folders: readonly string[]): Promise<{ files: number; bytes: number }> {
    const { digests } = await deps.blobsInUse();
    const loose = (await artifacts.files.onlyBelow(db, folders)).filter(blob => !digests.has(blob.digest));
    return { files: loose.length, bytes: loose.reduce((sum, blob) => sum + blob.sizeBytes, 0) };
  }

  /** Frees what nobody uses; of a dry run also what the purge would make so. */
  async function reportOf(purged: Purged, isDryRun: boolean): Promise<PurgeReport> {
    const { digests, since } = await deps.blobsInUse();
    const cleared = await artifacts.collector.collect({ held: digests, ...(since && { before: since }), isDryRun });
    const would = isDryRun ? await bytesOnlyIn(purged.folders) : { files: 0, bytes: 0 };
    return {
      isDryRun,
      runs: purged.runs,
      experiments: purged.experiments,
      keptRuns: purged.kept,
      freedFiles: cleared.files + would.files,
      freedBytes: cleared.sizeBytes + would.bytes,
      waitingFiles: cleared.waitingFiles,
      waitingBytes: cleared.waitingBytes
    };
  }

  async function hold(experimentId: string, rule: RetentionRule): Promise<number> {
    const { doomed } = await judged(experimentId, rule);
    for (let i = 0; i < doomed.length; i += BATCH) {
      await tracking.changes.change([{ type: 'delete', runIds: doomed.slice(i, i + BATCH).map(run => run.id), withChildren: false }]);
    }
    return doomed.length;
  }

  /** Holds all rules, then purges what they let go long enough ago. */
  async function sweep(): Promise<SweepReport> {
    const rules = await store.enabledRules(db);
    const purged: Purged = { runs: 0, experiments: 0, kept: 0, folders: [] };
    let deletedRuns = 0;
    for (const { experiment_id, rule } of rules) {
      deletedRuns += await hold(experiment_id, rule);
      if (rule.purgeAfterDays !== null) {
        const part = await tracking.purger.purge({ experimentIds: [experiment_id], beforeMs: Date.now() - rule.purgeAfterDays * DAY_MS }, protect);
        purged.runs += part.runs;
        purged.experiments += part.experiments;
        purged.kept += part.kept;
      }
    }
    // Looking through all blobs takes a while: without cause once a day.
    const isDue = purged.runs + purged.experiments > 0 || (await store.claim(db, 'cleared_at', DAY_MS));
    return { rules: rules.length, deletedRuns, purge: isDue ? await reportOf(purged, false) : NOTHING };
  }

  const need = async (experimentId: string): Promise<unknown> => tracking.experiments.get(experimentId);

  return {
    sweep,
    async retention(experimentId: string): Promise<DeclaredRetention> {
      await need(experimentId);
      const row = await store.findRule(db, experimentId);
      return { rule: row?.rule ?? null, updatedBy: row?.updated_by ?? null, updatedAt: row?.updated_at.toISOString() ?? null };
    },
    async setRetention(experimentId: string, rule: RetentionRule, by: string): Promise<void> {
      await need(experimentId);
      await store.upsertRule(db, experimentId, rule, by);
      deps.log.info({ experimentId, rule, by }, 'a rule of retention was set');
    },
    async removeRetention(experimentId: string): Promise<void> {
      await need(experimentId);
      await store.deleteRule(db, experimentId);
    },
    async preview(experimentId: string, rule: RetentionRule): Promise<RetentionPreview> {
      await need(experimentId);
      const { doomed, kept } = await judged(experimentId, rule);
      const counts = new Map<KeepReason, number>();
      kept.forEach(reason => counts.set(reason, (counts.get(reason) ?? 0) + 1));
      return {
        deletes: doomed.length,
        runs: doomed.slice(0, MOST_TOLD).map(({ id, name }) => ({ id, name })),
        freesBytes: (await bytesOnlyIn(doomed.map(folderOf))).bytes,
        keeps: [...counts].map(([reason, count]) => ({ reason, count }))
      };
    },
    /** Removes what was deleted long enough ago, and frees the disk of it. */
    async purge(request: PurgeRequest, by: string): Promise<PurgeReport> {
      const experiments = await Promise.all([request.experimentId !== null && tracking.experiments.get(request.experimentId), request.experimentName !== null && tracking.experiments.getByName(request.experimentName)]);
      const ids = experiments.flatMap(experiment => (experiment ? [experiment.id] : []));
      const which = { experimentIds: ids.length === 0 ? null : ids, beforeMs: Date.now() - request.olderThanSeconds * 1_000 };
      const report = await reportOf(await tracking.purger.purge(which, protect, request.isDryRun), request.isDryRun);
      deps.log.info({ ...report, by }, 'deleted runs were purged');
      return report;
    }
  };
}

function folderOf(run: Candidate): string {
  return artifactRoot({ artifact_uri: run.folder });
}
