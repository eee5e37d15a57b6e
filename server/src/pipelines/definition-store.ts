import type { TriggerSpec } from '@slipway/schema';
import { sql } from 'kysely';
import type { Db, Tx } from '../database';
import type { PipelineContent } from './content';
import type { PipelineRow, PipelineVersionRow } from './tables';

/** The pipeline by name, removed ones too, locked until the transaction ends. */
export function lockPipeline(tx: Tx, name: string): Promise<PipelineRow | undefined> {
  return tx.selectFrom('pipeline').selectAll().where('name', '=', name).forUpdate().executeTakeFirst();
}

export function pipelineByName(db: Db, name: string): Promise<PipelineRow | undefined> {
  return db.selectFrom('pipeline').selectAll().where('name', '=', name).where('removed_at', 'is', null).executeTakeFirst();
}

export function listPipelines(db: Db): Promise<PipelineRow[]> {
  return db.selectFrom('pipeline').selectAll().where('removed_at', 'is', null).orderBy('name').execute();
}

export async function upsertPipeline(tx: Tx, name: string, version: number): Promise<void> {
  await tx
    .insertInto('pipeline')
    .values({ name, latest_version: version })
    .onConflict(oc => oc.column('name').doUpdateSet({ latest_version: version, removed_at: null }))
    .execute();
}

export async function setRemoved(tx: Tx, name: string, removedAt: Date | null): Promise<boolean> {
  const done = await tx
    .updateTable('pipeline')
    .set({ removed_at: removedAt })
    .where('name', '=', name)
    .where('removed_at', removedAt === null ? 'is not' : 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function insertVersion(tx: Tx, row: { pipeline: string; version: number; content_hash: string; created_by: string }): Promise<PipelineVersionRow> {
  return tx.insertInto('pipeline_version').values(row).returningAll().executeTakeFirstOrThrow();
}

export function versionOf(db: Db, pipeline: string, version: number): Promise<PipelineVersionRow | undefined> {
  return db.selectFrom('pipeline_version').selectAll().where('pipeline', '=', pipeline).where('version', '=', version).executeTakeFirst();
}

export function listVersions(db: Db, pipeline: string): Promise<PipelineVersionRow[]> {
  return db.selectFrom('pipeline_version').selectAll().where('pipeline', '=', pipeline).orderBy('version', 'desc').execute();
}

/** The notebook of each pipeline's latest version. */
export async function notebookPaths(db: Db, pipelines: string[]): Promise<Map<string, string>> {
  if (pipelines.length === 0) {
    return new Map();
  }
  const rows = await db
    .selectFrom('pipeline')
    .innerJoin('pipeline_version as v', join => join.onRef('v.pipeline', '=', 'pipeline.name').onRef('v.version', '=', 'pipeline.latest_version'))
    .innerJoin('pipeline_content as c', 'c.hash', 'v.content_hash')
    .select(['pipeline.name', sql<string>`c.content ->> 'notebookPath'`.as('path')])
    .where('pipeline.name', 'in', pipelines)
    .execute();
  return new Map(rows.map(r => [r.name, r.path]));
}

/** What starts the pipelines besides the clock. */
export function triggersOf(db: Db, pipelines: string[]): Promise<{ pipeline: string; name: string; spec: TriggerSpec }[]> {
  return pipelines.length === 0 ? Promise.resolve([]) : db.selectFrom('pipeline_trigger').select(['pipeline', 'name', 'spec']).where('pipeline', 'in', pipelines).orderBy('name').execute();
}

/** What the pipeline's latest version is made of; undefined where there is none, or it was removed. */
export async function latestContent(db: Db, name: string): Promise<PipelineContent | undefined> {
  const row = await db
    .selectFrom('pipeline')
    .innerJoin('pipeline_version as v', join => join.onRef('v.pipeline', '=', 'pipeline.name').onRef('v.version', '=', 'pipeline.latest_version'))
    .innerJoin('pipeline_content as c', 'c.hash', 'v.content_hash')
    .select('c.content')
    .where('pipeline.name', '=', name)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return row?.content;
}

/** Failed runs of each pipeline since its user last looked, proofs not counted; at most 100 of each. */
export async function unreadFailures(db: Db, userId: string, pipelines: string[]): Promise<Map<string, number>> {
  if (pipelines.length === 0) {
    return new Map();
  }
  const { rows } = await sql<{ name: string; count: number }>`
    select p.name, r.count::int from unnest(${pipelines}::text[]) as p (name)
    left join pipeline_seen s on s.pipeline = p.name and s.user_id = ${userId}
    cross join lateral (
      select count(*) from (
        select 1 from pipeline_run
        where pipeline = p.name and status = 'failed' and version > 0 and trigger <> 'sweep' and ended_at > coalesce(s.seen_at, '-infinity') limit 100
      ) f
    ) r`.execute(db);
  return new Map(rows.map(r => [r.name, r.count]));
}

export async function setSeen(db: Db, userId: string, pipeline: string): Promise<void> {
  await db
    .insertInto('pipeline_seen')
    .values({ user_id: userId, pipeline })
    .onConflict(oc => oc.columns(['user_id', 'pipeline']).doUpdateSet({ seen_at: sql<Date>`now()` }))
    .execute();
}
