import type { ExperimentSummary, RunColumns } from '@slipway/schema';
import { sql } from 'kysely';
import type { Db } from '../../database';

/** The columns are those of the newest runs: a chooser must not read the whole table. */
const LOOKED_AT = 1_000;

/** Active experiments whose name holds `search`, the last used first. */
export async function listExperiments(db: Db, query: { search: string; limit: number }): Promise<{ items: ExperimentSummary[]; total: number }> {
  const pattern = `%${query.search.trim().replace(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await sql<{ id: string; name: string; creation_time: string; runs: string; last: string | null; total: string }>`
    select e.id, e.name, e.creation_time, coalesce(r.runs, 0) as runs, r.last, count(*) over () as total
    from experiment e left join (
      select experiment_id, count(*) as runs, max(start_time) as last from run
      where lifecycle_stage = 'active' and not exists (select from session s where s.run_id = run.id) group by experiment_id
    ) r on r.experiment_id = e.id
    where e.lifecycle_stage = 'active' and e.name ilike ${pattern}
    order by greatest(r.last, e.creation_time) desc, e.id desc limit ${query.limit}`.execute(db);
  const items = rows.map(row => ({ id: row.id, name: row.name, runCount: Number(row.runs), createdMs: Number(row.creation_time), lastRunMs: row.last === null ? null : Number(row.last) }));
  return { items, total: Number(rows[0]?.total ?? 0) };
}

/** Params, metrics and tags among the newest runs. */
export async function listColumns(db: Db, experimentId: string | null): Promise<RunColumns> {
  const newest = sql`select id from run where lifecycle_stage = 'active' ${experimentId === null ? sql`` : sql`and experiment_id = ${experimentId}::int8`} order by start_time desc, id limit ${LOOKED_AT}`;
  const [params, metrics, tags] = await Promise.all([
    sql<{ key: string; values: string }>`select key, count(distinct value) as values from run_param where run_id in (${newest}) group by key order by key`.execute(db),
    sql<{ key: string; has_history: boolean }>`select key, max(step) > 0 as has_history from latest_metric where run_id in (${newest}) group by key order by key`.execute(db),
    sql<{ key: string }>`select distinct key from run_tag where run_id in (${newest}) order by key`.execute(db)
  ]);
  return {
    params: params.rows.map(row => ({ key: row.key, isVarying: Number(row.values) > 1 })),
    metrics: metrics.rows.map(row => ({ key: row.key, hasHistory: row.has_history })),
    tags: tags.rows.map(row => row.key)
  };
}
