import { Unavailable } from '../core/errors';
import type { Db, Tx } from '../database';
import { createBlobs } from './blobs';
import { createCollector } from './collector';
import { checkedPath } from './paths';
import * as store from './store';
import type { ArtifactFileRow } from './tables';
import { createUploads } from './uploads';

export type Artifacts = ReturnType<typeof createArtifacts>;
export interface ArtifactFile {
  path: string;
  digest: string;
  sizeBytes: number;
}
/** One entry of a folder's listing; `path` is relative to the folder asked from. */
export interface ArtifactEntry {
  path: string;
  isFolder: boolean;
  sizeBytes: number | null;
}

/** Blobs on disk and the names they go by. */
export function createArtifacts(deps: { db: Db; root: string; graceMs?: number }) {
  const { db } = deps;
  const blobs = createBlobs(deps.root);

  /** @throws {Unavailable} `blob_cleared` where a blob was cleared away before it got its name */
  async function name(tx: Db, files: readonly ArtifactFile[]): Promise<void> {
    if (!tx.isTransaction) {
      return tx.transaction().execute(own => name(own, files));
    }
    await store.lockBlobs(tx);
    const isThere = await Promise.all(files.map(file => blobs.has(file.digest)));
    const gone = files.find((_, i) => !isThere[i]);
    if (gone) {
      throw new Unavailable('blob_cleared', `The bytes of ${gone.path} were cleared away before they got their name: send them again.`);
    }
    await store.upsertFiles(tx, files);
  }

  return {
    blobs,
    /** Clears away the blobs that nothing names. */
    collector: createCollector({ db, blobs, root: deps.root, graceMs: deps.graceMs }),
    /** Files that come in parts, several at once. */
    uploads: createUploads(deps.root, blobs),
    files: {
      /** Names a stored blob inside the caller's transaction; a name used before moves to the new blob. */
      set: (tx: Db, path: string, blob: { digest: string; sizeBytes: number }): Promise<void> =>
        name(tx, [{ path: checkedPath(path), digest: blob.digest, sizeBytes: blob.sizeBytes }]),
      /** The same for many files at once; of two with one path the last counts. */
      async setAll(tx: Db, files: readonly ArtifactFile[]): Promise<void> {
        const byPath = new Map(files.map(f => [checkedPath(f.path), f]));
        if (byPath.size > 0) {
          await name(tx, [...byPath].map(([path, { digest, sizeBytes }]) => ({ path, digest, sizeBytes })));
        }
      },
      async get(path: string): Promise<ArtifactFile | null> {
        const row = await store.findFile(db, checkedPath(path));
        return row ? toFile(row) : null;
      },
      /** Every file below a folder, by path. */
      async list(folder: string): Promise<ArtifactFile[]> {
        return (await store.filesBelow(db, checkedPath(folder))).map(toFile);
      },
      /** The folder's own entries, folders among them; a file's own path lists the file. */
      async entries(folder: string): Promise<ArtifactEntry[]> {
        const rows = await store.filesBelow(db, checkedPath(folder));
        const entries = new Map<string, ArtifactEntry>();
        for (const row of rows) {
          const [name, ...rest] = row.path.slice(folder.length + 1).split('/');
          const isFolder = rest.length > 0;
          entries.set(name!, { path: name!, isFolder, sizeBytes: isFolder ? null : Number(row.size_bytes) });
        }
        return [...entries.values()];
      },
      /** Bytes of all files below a folder, the caller's own not yet committed ones too; null where there is none. */
      sizeBelow: (from: Db, folder: string): Promise<number | null> => store.sizeBelow(from, checkedPath(folder)),
      /** Takes the names of all files below the folders away. */
      removeBelow: (tx: Tx, folders: readonly string[]): Promise<void> => store.deleteBelowAll(tx, folders),
      /** Blobs that nothing would name any more without the files below the folders. */
      onlyBelow: (from: Db, folders: readonly string[]): Promise<{ digest: string; sizeBytes: number }[]> => store.onlyBelow(from, folders),
      remove: (tx: Db, folder: string): Promise<void> => store.deleteBelow(tx, checkedPath(folder))
    }
  };
}

function toFile(row: ArtifactFileRow): ArtifactFile {
  return { path: row.path, digest: row.digest, sizeBytes: Number(row.size_bytes) };
}
