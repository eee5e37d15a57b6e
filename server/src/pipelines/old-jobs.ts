import { sql } from 'kysely';
import type { Db } from '../database';

/** Removes jobs that ended a month ago, at most so many; those of runs under way stay, which count their attempts. Gives how many went. */
export async function trimJobs(db: Db, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from job where id in (
      select j.id from job j where j.ended_at < now() - interval '30 days'
        and not exists (select from pipeline_run r where r.status in ('queued', 'running', 'cancelling') and r.id::text = split_part(j.log_key, '/', 1))
      order by j.ended_at limit ${most} for update of j skip locked
    )`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
