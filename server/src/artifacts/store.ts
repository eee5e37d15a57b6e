import { sql } from 'kysely';
import type { Db, Tx } from '../database';
import type { ArtifactFileRow } from './tables';

/** Whoever names blobs holds it shared until the transaction ends, whoever deletes blobs alone. */
const NAMING = sql`20260, 16`;

/** Waits while blobs are being deleted; until the transaction ends none is. */
export async function lockBlobs(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${NAMING})`.execute(db);
}

/** Waits until all that are naming blobs are done; until the transaction ends nobody names one. */
export async function lockAgainstNaming(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${NAMING})`.execute(tx);
}

/** Those of the digests that some path names. */
export async function namedAmong(db: Db, digests: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ digest: string }>`select d as digest from unnest(${digests}::text[]) as d where exists (select from artifact_file f where f.digest = d)`.execute(db);
  return new Set(rows.map(row => row.digest));
}

/** Takes the names of all files below the folders away. */
export async function deleteBelowAll(tx: Tx, folders: readonly string[]): Promise<void> {
  await sql`
    delete from artifact_file f using unnest(${folders}::text[]) as g(folder)
    where f.path >= (g.folder || '/') collate "C" and f.path < (g.folder || '0') collate "C"`.execute(tx);
}

/** Blobs that nothing would name any more without the files below the folders. */
export async function onlyBelow(db: Db, folders: readonly string[]): Promise<{ digest: string; sizeBytes: number }[]> {
  const { rows } = await sql<{ digest: string; size_bytes: string }>`
    with below as (
      select f.digest, max(f.size_bytes) as size_bytes, count(*) as names from unnest(${folders}::text[]) as g(folder)
      join artifact_file f on f.path >= (g.folder || '/') collate "C" and f.path < (g.folder || '0') collate "C" group by f.digest
    )
    select digest, size_bytes from below b where names = (select count(*) from artifact_file f where f.digest = b.digest)`.execute(db);
  return rows.map(row => ({ digest: row.digest, sizeBytes: Number(row.size_bytes) }));
}

/** Names files, each path once; a path known already moves to the new blob. */
export async function upsertFiles(db: Db, files: readonly { path: string; digest: string; sizeBytes: number }[]): Promise<void> {
  await db
    .insertInto('artifact_file')
    .values(files.map(file => ({ path: file.path, digest: file.digest, size_bytes: String(file.sizeBytes) })))
    .onConflict(oc => oc.column('path').doUpdateSet(eb => ({ digest: eb.ref('excluded.digest'), size_bytes: eb.ref('excluded.size_bytes'), created_at: new Date() })))
    .execute();
}

export function findFile(db: Db, path: string): Promise<ArtifactFileRow | undefined> {
  return db.selectFrom('artifact_file').selectAll().where('path', '=', path).executeTakeFirst();
}

/** Files below a folder, by path; a range scan of the primary key. */
export function filesBelow(db: Db, folder: string): Promise<ArtifactFileRow[]> {
  return below(db, folder).orderBy('path').execute();
}

export async function sizeBelow(db: Db, folder: string): Promise<number | null> {
  const { bytes } = await db
    .selectFrom('artifact_file')
    .select(eb => eb.fn.sum('size_bytes').as('bytes'))
    .where('path', '>=', `${folder}/`)
    .where('path', '<', `${folder}0`)
    .executeTakeFirstOrThrow();
  return bytes === null ? null : Number(bytes);
}

export async function deleteBelow(db: Db, folder: string): Promise<void> {
  await db.deleteFrom('artifact_file').where('path', '>=', `${folder}/`).where('path', '<', `${folder}0`).execute();
  await db.deleteFrom('artifact_file').where('path', '=', folder).execute();
}

/** `0` follows `/` in the C collation: everything between starts with `folder/`. */
function below(db: Db, folder: string) {
  return db.selectFrom('artifact_file').selectAll().where('path', '>=', `${folder}/`).where('path', '<', `${folder}0`);
}
