import { sql } from 'kysely';
import type { Db } from '../database';

/** Those of the runs (by id and folder) and logged models that a registered version came from or has its files in. */
export async function protectVersions(from: Db, given: { runs: readonly { id: string; folder: string }[]; modelIds: readonly string[] }): Promise<{ runIds: Set<string>; modelIds: Set<string> }> {
  const { rows } = await sql<{ run_id: string | null; model_id: string | null }>`
    with g as (select * from unnest(${given.runs.map(run => run.id)}::text[], ${given.runs.map(run => run.folder)}::text[]) as g(id, folder))
    select g.id as run_id, null as model_id from g join model_version v on v.run_id = g.id
    union select g.id, null from model_version v join g on split_part(v.storage_folder, '/', 2) = split_part(g.folder, '/', 2)
      and (v.storage_folder = g.folder or starts_with(v.storage_folder, g.folder || '/'))
    union select null, m.id from unnest(${given.modelIds}::text[]) as m(id) join model_version v on v.model_id = m.id`.execute(from);
  return { runIds: new Set(rows.flatMap(row => row.run_id ?? [])), modelIds: new Set(rows.flatMap(row => row.model_id ?? [])) };
}
