import type { Db } from '../database';
import { createBlobs } from './blobs';
import { checkedPath } from './paths';
import * as store from './store';
import type { ArtifactFileRow } from './tables';

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
export function createArtifacts(deps: { db: Db; root: string }) {
  const { db } = deps;
  return {
    blobs: createBlobs(deps.root),
    files: {
      /** Names a stored blob inside the caller's transaction; a name used before moves to the new blob. */
      set: (tx: Db, path: string, blob: { digest: string; sizeBytes: number }): Promise<void> =>
        store.upsertFiles(tx, [{ path: checkedPath(path), digest: blob.digest, sizeBytes: blob.sizeBytes }]),
      /** The same for many files at once; of two with one path the last counts. */
      async setAll(tx: Db, files: readonly ArtifactFile[]): Promise<void> {
        const byPath = new Map(files.map(f => [checkedPath(f.path), f]));
        if (byPath.size > 0) {
          await store.upsertFiles(tx, [...byPath].map(([path, { digest, sizeBytes }]) => ({ path, digest, sizeBytes })));
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
      remove: (tx: Db, folder: string): Promise<void> => store.deleteBelow(tx, checkedPath(folder))
    }
  };
}

function toFile(row: ArtifactFileRow): ArtifactFile {
  return { path: row.path, digest: row.digest, sizeBytes: Number(row.size_bytes) };
}
