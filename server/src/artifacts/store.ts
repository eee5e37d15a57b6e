import type { Db } from '../database';
import type { ArtifactFileRow } from './tables';

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
