import { sql } from 'kysely';
import type { Db } from '../../database';
import type { RunInputsRow } from './tables';

/** What a run ran on, each part by a hash of it; null where it is not known. */
export type InputKeys = Pick<RunInputsRow, 'code_key' | 'params_key' | 'data_key'>;

/** Sorted pairs as JSON: the text that params are hashed as. */
const pairsKey = (pairs: ReturnType<typeof sql>) => sql<string>`encode(sha256(convert_to(coalesce((select json_agg(json_build_array(key, value) order by key collate "C")::text from ${pairs}), '[]'), 'UTF8')), 'hex')`;

/** Writes what the run ran on, in place of what was known; its params are those logged. */
export async function upsertInputs(db: Db, runId: string, of: { codeKey: string | null; dataKey: string | null; data: readonly string[] }): Promise<void> {
  await sql`
    insert into run_inputs (run_id, code_key, params_key, data_key, data)
    select ${runId}, ${of.codeKey}, ${pairsKey(sql`run_param where run_id = ${runId}`)}, ${of.dataKey}, ${of.data}::text[]
    on conflict (run_id) do update set code_key = excluded.code_key, params_key = excluded.params_key, data_key = excluded.data_key, data = excluded.data`.execute(db);
}

export function findInputs(db: Db, runId: string): Promise<RunInputsRow | undefined> {
  return db.selectFrom('run_inputs').selectAll().where('run_id', '=', runId).executeTakeFirst();
}

export async function paramsKeyOf(db: Db, params: Readonly<Record<string, string>>): Promise<string> {
  const { rows } = await sql<{ key: string }>`select ${pairsKey(sql`unnest(${Object.keys(params)}::text[], ${Object.values(params)}::text[]) as given (key, value)`)} as key`.execute(db);
  return rows[0]!.key;
}

export interface SameRow {
  run_id: string;
  name: string;
  status: string;
  kind: string | null;
  start_time: string;
  code: boolean | null;
  params: boolean;
  data: boolean | null;
}

/**
 * Runs that agree in all that is known of `keys`, or (`isSome`) in the code or
 * the data at least: those that agree in most first, then the newest. The
 * caller knows the code or the data.
 */
export async function agreeingRuns(db: Db, keys: InputKeys, ask: { not: string | null; isSome: boolean; limit: number }): Promise<{ rows: SameRow[]; total: number }> {
  const code = keys.code_key === null ? sql<boolean | null>`null::boolean` : sql<boolean | null>`i.code_key = ${keys.code_key}`;
  const data = keys.data_key === null ? sql<boolean | null>`null::boolean` : sql<boolean | null>`i.data_key = ${keys.data_key}`;
  const params = sql<boolean>`i.params_key = ${keys.params_key}`;
  const known = [...(keys.code_key === null ? [] : [code]), ...(keys.data_key === null ? [] : [data])];
  const some = sql.join(known, sql` or `);
  const all = sql.join([params, ...known], sql` and `);
  const others = (of: typeof all) => sql`run_inputs i join run r on r.id = i.run_id and r.lifecycle_stage = 'active' where (${of}) and i.run_id is distinct from ${ask.not}`;
  const [found, counted] = await Promise.all([
    sql<SameRow>`
      with best as (
        select i.run_id, ${code} as code, ${params} as params, ${data} as data,
          coalesce(${code}, false)::int + (${params})::int + coalesce(${data}, false)::int as agreements, r.start_time
        from ${others(ask.isSome ? some : all)}
        order by agreements desc, r.start_time desc, i.run_id limit ${ask.limit})
      select b.run_id, r.name, r.status, r.start_time, t.value as kind, b.code, b.params, b.data
      from best b join run r on r.id = b.run_id left join run_tag t on t.run_id = r.id and t.key = 'slipway.kind'
      order by b.agreements desc, b.start_time desc, b.run_id`.execute(db),
    sql<{ total: string }>`select count(*) as total from ${others(all)}`.execute(db)
  ]);
  return { rows: found.rows, total: Number(counted.rows[0]!.total) };
}

/** Digests of the datasets that MLflow's client logged as inputs of the run. */
export async function loggedDigests(db: Db, runId: string): Promise<string[]> {
  const rows = await db.selectFrom('run_dataset').innerJoin('dataset', 'dataset.id', 'run_dataset.dataset_id').select('digest').where('run_id', '=', runId).execute();
  return rows.map(row => `mlflow:${row.digest}`);
}
