import { sql } from 'kysely';
import type { Db } from '../database';

/**
 * Digests of blobs that versions, step runs and the cache of steps hold, found
 * as what looks like one: a key too many keeps no file. `since` is when the
 * oldest of what runs now began: its results may have no place in a row yet.
 */
export async function blobsInUse(db: Db): Promise<{ digests: Set<string>; since: Date | null }> {
  // First since when: what begins later writes younger blobs.
  const { rows: running } = await sql<{ since: Date | null }>`
    select min(at) as since from (
      select coalesce(started_at, created_at) as at from pipeline_run where status in ('queued', 'running', 'cancelling')
      union all select started_at from proof where status = 'running'
    ) active`.execute(db);
  const { rows } = await sql<{ digest: string }>`
    select distinct m[1] as digest from (
      select content::text as text from pipeline_content
      union all select result::text from step_run where result is not null
      union all select notebook_digest from step_run where notebook_digest is not null
      union all select result::text from step_cache
      union all select result::text from map_item where result is not null
      union all select item::text from map_item
      union all select notebook_digest from map_item where notebook_digest is not null
    ) held, regexp_matches(held.text, '[0-9a-f]{64}', 'g') m`.execute(db);
  return { digests: new Set(rows.map(row => row.digest)), since: running[0]?.since ?? null };
}

/** Those of the MLflow runs whose pipeline run is not over. */
export async function runsUnderWay(from: Db, runIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select mlflow_run_id as id from pipeline_run where status in ('queued', 'running', 'cancelling') and mlflow_run_id = any(${runIds}::text[])`.execute(from);
  return rows.map(row => row.id);
}
