import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import { loggedModelUri, runUri, type Lineage } from '../lineage';
import type { Experiments } from './experiments';
import { metricsOfModels } from './metric-store';
import { randomRunName } from './run-names';
import { searchLoggedModels, type Found, type ModelQuery } from './search';
import type { LoggedModelRow, MetricRow } from './tables';

export type LoggedModels = ReturnType<typeof createLoggedModels>;
export interface LoggedModelView {
  row: LoggedModelRow;
  metrics: MetricRow[];
}

/** MLflow 3's logged models: a model as a thing of its own, beside the run that made it. */
export function createLoggedModels(deps: { db: Db; experiments: Experiments; lineage: Lineage }) {
  const { db, experiments, lineage } = deps;

  /** MLflow's client names the run a model came from, and any text will do. */
  async function linkSource(to: Db, id: string, sourceRunId: string | null): Promise<void> {
    if (/^[0-9a-f]{32}$/.test(sourceRunId ?? '')) {
      await lineage.link(to, [{ from: runUri(sourceRunId!), to: loggedModelUri(id) }]);
    }
  }

  async function view(rows: LoggedModelRow[], from: Db = db): Promise<LoggedModelView[]> {
    const metrics = await metricsOfModels(from, rows.map(r => r.id));
    return rows.map(row => ({ row, metrics: metrics.filter(m => m.model_id === row.id) }));
  }

  async function find(id: string, from: Db = db): Promise<LoggedModelRow> {
    const row = await from.selectFrom('logged_model').selectAll().where('id', '=', id).where('lifecycle_stage', '=', 'active').executeTakeFirst();
    if (!row) {
      throw new NotFound('no_such_logged_model', `Logged model with ID '${id}' not found.`);
    }
    return row;
  }

  /** Merges `add` into a jsonb column in one statement, so that two writers lose nothing. */
  async function merge(id: string, column: 'params' | 'tags', add: Record<string, string>): Promise<void> {
    await find(id);
    const ref = sql.ref(column);
    await sql`update logged_model set ${ref} = ${ref} || ${JSON.stringify(add)}::jsonb, last_update_time = ${Date.now()} where id = ${id}`.execute(db);
  }

  return {
    async create(input: { experimentId: string; name: string | null; modelType: string | null; sourceRunId: string | null; params: Record<string, string>; tags: Record<string, string> }): Promise<LoggedModelView> {
      const experiment = await experiments.requireActive(db, input.experimentId);
      if (input.name !== null && (input.name === '' || /[/:.%"']/.test(input.name))) {
        throw new InvalidInput('invalid_name', `Invalid model name (${input.name}) provided. Model name must be a non-empty string and cannot contain the following characters: '/', ':', '.', '%', '"', "'".`);
      }
      const id = `m-${randomUUID().replaceAll('-', '')}`;
      const now = Date.now();
      const row = await db
        .insertInto('logged_model')
        .values({
          id,
          experiment_id: experiment.id,
          name: input.name ?? randomRunName(),
          model_type: input.modelType,
          source_run_id: input.sourceRunId,
          artifact_location: `${experiment.artifact_location}/models/${id}/artifacts`,
          status: 'LOGGED_MODEL_PENDING',
          params: JSON.stringify(input.params),
          tags: JSON.stringify(input.tags),
          creation_time: now,
          last_update_time: now
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await linkSource(db, id, input.sourceRunId);
      return { row, metrics: [] };
    },
    /** A model of another server under its own id; one that is here already stays as it is. */
    async take(tx: Tx, model: { modelId: string; experimentId: string; name: string; modelType: string | null; sourceRunId: string | null; status: string; params: Record<string, string>; tags: Record<string, string> }): Promise<LoggedModelView> {
      const experiment = await experiments.requireActive(tx, model.experimentId);
      const now = Date.now();
      await tx
        .insertInto('logged_model')
        .values({
          id: model.modelId,
          experiment_id: experiment.id,
          name: model.name,
          model_type: model.modelType,
          source_run_id: model.sourceRunId,
          artifact_location: `${experiment.artifact_location}/models/${model.modelId}/artifacts`,
          status: model.status,
          params: JSON.stringify(model.params),
          tags: JSON.stringify(model.tags),
          creation_time: now,
          last_update_time: now
        })
        .onConflict(oc => oc.column('id').doNothing())
        .execute();
      await linkSource(tx, model.modelId, model.sourceRunId);
      return (await view([await find(model.modelId, tx)], tx))[0]!;
    },
    /** Inside a transaction give it as `from`: a second connection could be waited for in vain. */
    async get(id: string, from: Db = db): Promise<LoggedModelView> {
      return (await view([await find(id, from)], from))[0]!;
    },
    async finalize(id: string, status: string): Promise<LoggedModelView> {
      await find(id);
      const row = await db.updateTable('logged_model').set({ status, last_update_time: Date.now() }).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
      return (await view([row]))[0]!;
    },
    /** Does nothing to a model that is deleted already. */
    async remove(id: string): Promise<void> {
      if (await db.selectFrom('logged_model').select('id').where('id', '=', id).where('lifecycle_stage', '=', 'deleted').executeTakeFirst()) {
        return;
      }
      await find(id);
      await db.updateTable('logged_model').set({ lifecycle_stage: 'deleted', last_update_time: Date.now() }).where('id', '=', id).execute();
    },
    setTags: (id: string, tags: Record<string, string>): Promise<void> => merge(id, 'tags', tags),
    logParams: (id: string, params: Record<string, string>): Promise<void> => merge(id, 'params', params),
    async deleteTag(id: string, key: string): Promise<void> {
      if (!(key in (await find(id)).tags)) {
        throw new NotFound('no_such_tag', `No tag with key '${key}' on the logged model '${id}'.`);
      }
      await sql`update logged_model set tags = tags - ${key}, last_update_time = ${Date.now()} where id = ${id}`.execute(db);
    },
    async search(query: ModelQuery): Promise<Found<LoggedModelView>> {
      const { rows, nextPageToken } = await searchLoggedModels(db, query);
      return { rows: await view(rows), nextPageToken };
    }
  };
}
