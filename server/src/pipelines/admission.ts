import { sql } from 'kysely';
import type { Db } from '../database';
import { clearTimers, setTimers } from './run-timers';
import type { PipelineContent } from './content';
import type { RunRow, RunTimerRow } from './tables';

/** Whether a run waits until `admit` lets it in. */
export const isLimited = ({ trigger }: Pick<RunRow, 'trigger'>, { options }: Pick<PipelineContent, 'options'>): boolean => options?.maxActiveRuns !== undefined && trigger !== 'proof';

/**
 * Lets runs of a pipeline begin that waited for others of it, the most urgent
 * and then the oldest first; gives their ids. The limit is that of the version
 * each runs. Two daemons never let in one too many: the pipeline is locked. A
 * run that has results already, taken over or kept by a retry, is `running`, and
 * waits all the same.
 */
export async function admit(db: Db, pipeline: string): Promise<string[]> {
  if (!(await isAwaited(db, pipeline))) {
    return []; // asked at the end of every run: most pipelines have no limit
  }
  return db.transaction().execute(async tx => {
    await tx.selectFrom('pipeline').select('name').where('name', '=', pipeline).forUpdate().executeTakeFirst();
    const { rows } = await sql<{ id: string; limit: number; content: PipelineContent }>`
      select r.id, (c.content #>> '{options,maxActiveRuns}')::int as limit, c.content from pipeline_run r join pipeline_content c on c.hash = r.content_hash
      where r.pipeline = ${pipeline} and r.is_held and r.status in ('queued', 'running') order by r.priority desc, r.created_at, r.id limit 50`.execute(tx);
    let { active } = await tx
      .selectFrom('pipeline_run')
      .select(eb => eb.fn.countAll<number>().as('active'))
      .where('pipeline', '=', pipeline)
      .where('version', '>', 0)
      .where('is_held', '=', false)
      .where('status', 'in', ['queued', 'running', 'cancelling'])
      .executeTakeFirstOrThrow();
    active = Number(active);
    const admitted: string[] = [];
    for (const row of rows) {
      if (row.limit !== null && active >= row.limit) {
        break;
      }
      await tx.updateTable('pipeline_run').set(eb => ({ is_held: false, revision: eb('revision', '+', 1) })).where('id', '=', row.id).execute();
      await clearTimers(tx, row.id);
      await setTimers(tx, timersOf(row.id, row.content));
      admitted.push(row.id);
      active++;
    }
    return admitted;
  });
}

async function isAwaited(db: Db, pipeline: string): Promise<boolean> {
  const row = await db.selectFrom('pipeline_run').select('id').where('pipeline', '=', pipeline).where('is_held', '=', true).where('status', 'in', ['queued', 'running']).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Pipelines some of whose runs wait for others of it. */
export async function pipelinesWaiting(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('pipeline_run').select('pipeline').distinct().where('is_held', '=', true).where('status', 'in', ['queued', 'running', 'cancelling']).execute();
  return rows.map(r => r.pipeline);
}

/** When a run that begins now has to be over, and when it is late. */
export function timersOf(runId: string, { options }: Pick<PipelineContent, 'options'>, now = Date.now()): RunTimerRow[] {
  const at = (kind: RunTimerRow['kind'], afterMs: number | undefined): RunTimerRow[] => (afterMs === undefined ? [] : [{ run_id: runId, kind, ordinal: 0, due_at: new Date(now + afterMs) }]);
  return [...at('timeout', options?.timeoutMs), ...at('deadline', options?.deadlineMs)];
}
