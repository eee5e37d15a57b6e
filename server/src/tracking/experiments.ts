import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import * as store from './experiment-store';
import { LIMITS, checkExperimentName, checkKey, cut } from './limits';
import { setLifecycleOfAll } from './run-store';
import type { ExperimentRow } from './tables';

export type Experiments = ReturnType<typeof createExperiments>;
export interface Experiment extends ExperimentRow {
  tags: { key: string; value: string }[];
}

/** MLflow's experiments. */
export function createExperiments(deps: { db: Db }) {
  const { db } = deps;

  async function withTags(rows: ExperimentRow[], from: Db = db): Promise<Experiment[]> {
    const tags = await store.experimentTags(from, rows.map(r => r.id));
    return rows.map(row => ({ ...row, tags: tags.filter(t => t.experiment_id === row.id).map(({ key, value }) => ({ key, value })) }));
  }

  async function find(from: Db, id: string): Promise<ExperimentRow> {
    const row = /^\d{1,18}$/.test(id) ? await store.findExperiment(from, id) : undefined;
    if (!row) {
      throw new NotFound('no_such_experiment', `No Experiment with id=${id} exists`);
    }
    return row;
  }

  async function setLifecycle(id: string, from: 'active' | 'deleted', to: 'active' | 'deleted'): Promise<void> {
    await db.transaction().execute(async tx => {
      const row = await find(tx, id);
      if (row.lifecycle_stage !== from) {
        throw new NotFound('no_such_experiment', `No Experiment with id=${id} exists in the stage '${from}'`);
      }
      const now = Date.now();
      await store.updateExperiment(tx, id, { lifecycle_stage: to, last_update_time: now });
      await setLifecycleOfAll(tx, id, to, now);
    });
  }

  return {
    withTags,
    async get(id: string): Promise<Experiment> {
      return (await withTags([await find(db, id)]))[0]!;
    },
    async getByName(name: string): Promise<Experiment> {
      const row = await store.findExperimentByName(db, name);
      if (!row) {
        throw new NotFound('no_such_experiment', `Could not find experiment with name '${name}'`);
      }
      return (await withTags([row]))[0]!;
    },
    /** @throws {Conflict} `experiment_exists` */
    async create(input: { name: string; artifactLocation: string | null; tags: { key: string; value: string }[] }): Promise<string> {
      checkExperimentName(input.name);
      return db.transaction().execute(async tx => {
        const row = await store.insertExperiment(tx, { ...input, now: Date.now() });
        if (!row) {
          throw new Conflict('experiment_exists', `Experiment(name=${input.name}) already exists.`);
        }
        for (const tag of input.tags) {
          checkKey('tag', tag.key);
          await store.upsertExperimentTag(tx, row.id, tag.key, cut(tag.value, LIMITS.experimentTag));
        }
        return row.id;
      });
    },
    /** The experiment of that name; made, or brought back from the deleted, where there is none. */
    async ensure(tx: Tx, name: string): Promise<string> {
      const known = (await store.findExperimentByName(tx, name)) ?? (await store.insertExperiment(tx, { name, artifactLocation: null, now: Date.now() })) ?? (await store.findExperimentByName(tx, name))!;
      if (known.lifecycle_stage === 'deleted') {
        await store.updateExperiment(tx, known.id, { lifecycle_stage: 'active', last_update_time: Date.now() });
      }
      return known.id;
    },
    async rename(id: string, name: string): Promise<void> {
      checkExperimentName(name);
      await db.transaction().execute(async tx => {
        if ((await find(tx, id)).lifecycle_stage !== 'active') {
          throw new InvalidInput('experiment_deleted', 'Cannot rename a non-active experiment.');
        }
        const holder = await store.findExperimentByName(tx, name);
        if (holder && holder.id !== id) {
          throw new Conflict('experiment_name_taken', `Experiment(name=${name}) already exists.`);
        }
        await store.updateExperiment(tx, id, { name, last_update_time: Date.now() });
      });
    },
    remove: (id: string): Promise<void> => setLifecycle(id, 'active', 'deleted'),
    restore: (id: string): Promise<void> => setLifecycle(id, 'deleted', 'active'),
    async setTag(id: string, key: string, value: string, from: Db = db): Promise<void> {
      checkKey('tag', key);
      await requireActive(await find(from, id));
      await store.upsertExperimentTag(from, id, key, cut(value, LIMITS.experimentTag));
    },
    async deleteTag(id: string, key: string): Promise<void> {
      await requireActive(await find(db, id));
      if (!(await store.deleteExperimentTag(db, id, key))) {
        throw new NotFound('no_such_tag', `No tag with key: ${key} in experiment with id ${id}`);
      }
    },
    /** @throws {NotFound} if there is none; {@link InvalidInput} if it is deleted */
    async requireActive(from: Db, id: string): Promise<ExperimentRow> {
      const row = await find(from, id);
      await requireActive(row);
      return row;
    }
  };
}

async function requireActive(row: ExperimentRow): Promise<void> {
  if (row.lifecycle_stage !== 'active') {
    throw new InvalidInput('experiment_deleted', `The experiment ${row.id} must be in the 'active' state. Current state is deleted.`);
  }
}
