import type { ModelGates } from '@slipway/schema';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../../database';
import type { GateEvaluationRow, GateEvaluationTable, ModelGatesTable } from '../tables';

export function findGates(db: Db, name: string): Promise<Selectable<ModelGatesTable> | undefined> {
  return db.selectFrom('model_gates').selectAll().where('model_name', '=', name).executeTakeFirst();
}

export async function hasGates(db: Db, name: string): Promise<boolean> {
  return (await findGates(db, name)) !== undefined;
}

export async function upsertGates(db: Db, name: string, rules: ModelGates, by: string): Promise<void> {
  const change = { rules: JSON.stringify(rules) as never, updated_by: by, updated_at: new Date() };
  await db.insertInto('model_gates').values({ model_name: name, ...change }).onConflict(oc => oc.column('model_name').doUpdateSet(change)).execute();
}

export function insertEvaluation(db: Db, evaluation: Insertable<GateEvaluationTable>): Promise<GateEvaluationRow> {
  return db.insertInto('gate_evaluation').values({ ...evaluation, results: JSON.stringify(evaluation.results) as never }).returningAll().executeTakeFirstOrThrow();
}

export function findEvaluation(db: Db, id: string): Promise<GateEvaluationRow | undefined> {
  return db.selectFrom('gate_evaluation').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Evaluations of a version, newest first, before `before`. */
export function evaluationsOf(db: Db, name: string, version: number, page: { limit: number; before: string | null }): Promise<GateEvaluationRow[]> {
  return db
    .selectFrom('gate_evaluation')
    .selectAll()
    .where('model_name', '=', name)
    .where('version', '=', version)
    .$if(page.before !== null, q => q.where('seq', '<', page.before!))
    .orderBy('seq', 'desc')
    .limit(page.limit)
    .execute();
}

/** The newest evaluation of each version of a model that has one. */
export async function latestEvaluations(db: Db, name: string, versions: readonly number[]): Promise<GateEvaluationRow[]> {
  const { rows } = await sql<GateEvaluationRow>`
    select latest.* from unnest(${versions}::int[]) as v (version)
    cross join lateral (select * from gate_evaluation e where e.model_name = ${name} and e.version = v.version order by seq desc limit 1) latest`.execute(db);
  return rows;
}
