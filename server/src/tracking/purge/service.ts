import type { Artifacts } from '../../artifacts';
import type { Db, Tx } from '../../database';
import type { Events } from '../../events';
import { artifactRoot } from '../artifact-root';
import * as store from './store';
import type { DeletedRun, LoggedModel, Purgeable } from './store';

export type { Purgeable } from './store';
export type Purger = ReturnType<typeof createPurger>;
/** Of the runs (by id and folder) and logged models those that something stands on. */
export type Protector = (from: Db, given: { runs: readonly { id: string; folder: string }[]; modelIds: readonly string[] }) => Promise<{ runIds: ReadonlySet<string>; modelIds: ReadonlySet<string> }>;

export interface Purged {
  runs: number;
  experiments: number;
  /** Runs that must stay. */
  kept: number;
  /** Folders of what would go; only of a dry run. */
  folders: string[];
}

/** A transaction is short: who logs meanwhile hardly waits, and a crash loses one batch. */
const BATCH = 100;
const PAGE = 1_000;

/** Removes deleted runs and experiments for ever. */
export function createPurger(deps: { db: Db; events: Events; artifacts: Artifacts }) {
  const { db, events, artifacts } = deps;

  /** What of the runs may go; counts what may not. */
  async function split(from: Db, runs: readonly DeletedRun[], protect: Protector, purged: Purged): Promise<{ runs: DeletedRun[]; models: LoggedModel[] }> {
    const models = await store.modelsOf(from, runs.map(run => run.id));
    const stood = await protect(from, { runs: runs.map(run => ({ id: run.id, folder: artifactRoot(run) })), modelIds: models.map(m => m.id) });
    const kept = new Set([...stood.runIds, ...models.filter(m => stood.modelIds.has(m.id)).map(m => m.source_run_id)]);
    const going = runs.filter(run => !kept.has(run.id));
    purged.kept += runs.length - going.length;
    return { runs: going, models: models.filter(m => !kept.has(m.source_run_id)) };
  }

  const foldersOf = (runs: readonly DeletedRun[], models: readonly LoggedModel[]): string[] => [...runs.map(artifactRoot), ...models.map(m => artifactRoot({ artifact_uri: m.artifact_location }))];

  async function purgeBatch(tx: Tx, ids: readonly string[], beforeMs: number, protect: Protector, purged: Purged): Promise<void> {
    const { runs, models } = await split(tx, await store.lockDeleted(tx, ids, beforeMs), protect, purged);
    if (runs.length > 0) {
      await artifacts.files.removeBelow(tx, foldersOf(runs, models));
      await store.deleteRuns(tx, runs.map(run => run.id), models.map(m => m.id));
      await events.append(tx, runs.map(run => ({ type: 'run.changed', subject: run.id, data: { experimentId: run.experiment_id } })));
      purged.runs += runs.length;
    }
  }

  async function purgeExperiments(which: Purgeable, protect: Protector, purged: Purged): Promise<void> {
    const ids = await store.emptyExperiments(db, which);
    await db.transaction().execute(async tx => {
      const models = await store.modelsOfExperiments(tx, ids);
      const kept = await protect(tx, { runs: [], modelIds: models.map(m => m.id) });
      const holders = new Set(models.filter(m => kept.modelIds.has(m.id)).map(m => m.experiment_id));
      const gone = new Set(await store.deleteExperiments(tx, ids.filter(id => !holders.has(id))));
      await artifacts.files.removeBelow(tx, foldersOf([], models.filter(m => gone.has(m.experiment_id))));
      purged.experiments += gone.size;
    });
  }

  return {
    /** Logged models of the runs. */
    modelsOf: (runIds: readonly string[]): Promise<LoggedModel[]> => store.modelsOf(db, runIds),
    /** Removes what was deleted before a moment, or only tells what would go (`isDryRun`; of the experiments it tells those that are empty). */
    async purge(which: Purgeable, protect: Protector, isDryRun = false): Promise<Purged> {
      const purged: Purged = { runs: 0, experiments: 0, kept: 0, folders: [] };
      let after = '';
      for (;;) {
        const page = await store.purgeableRuns(db, which, after, PAGE);
        if (page.length === 0) {
          break;
        }
        after = page.at(-1)!.id;
        for (let i = 0; i < page.length; i += BATCH) {
          const batch = page.slice(i, i + BATCH);
          if (isDryRun) {
            const { runs, models } = await split(db, batch, protect, purged);
            purged.runs += runs.length;
            purged.folders.push(...foldersOf(runs, models));
          } else {
            await db.transaction().execute(tx => purgeBatch(tx, batch.map(run => run.id), which.beforeMs, protect, purged));
          }
        }
      }
      if (isDryRun) {
        purged.experiments = (await store.emptyExperiments(db, which)).length;
      } else {
        await purgeExperiments(which, protect, purged);
      }
      return purged;
    }
  };
}
