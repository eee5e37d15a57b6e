import { copyFileSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { BlobStore, StoredFile } from '../step/spec';

const SKIPPED = new Set(['__pycache__', '.ipynb_checkpoints', '.git']);

/** A copy of a notebook's folder that a step without walls works in: what it changes there are its files. */
export function createPrivateFolder(folder: string, blobs: BlobStore) {
  let before = new Map<string, string>();
  return {
    /** Lays earlier steps' files into it and notes how all looks. @throws if a path climbs out of it */
    prepare(inputFiles: readonly StoredFile[]): void {
      for (const file of inputFiles) {
        const target = resolve(folder, file.path);
        if (!target.startsWith(folder + sep)) {
          throw new Error(`${file.path} is not inside the step's folder.`);
        }
        mkdirSync(dirname(target), { recursive: true });
        copyFileSync(blobs.pathOf(file.digest), target);
      }
      before = new Map([...walk(folder)].map(path => [path, stampOf(path)]));
    },
    /** What is new or changed since. */
    async changes(): Promise<StoredFile[]> {
      const changed = [...walk(folder)].filter(path => before.get(path) !== stampOf(path));
      return Promise.all(changed.map(async path => ({ path: relative(folder, path), ...(await blobs.putFile(path)) })));
    }
  };
}

function stampOf(path: string): string {
  const stat = lstatSync(path, { bigint: true });
  return `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) {
      yield* walk(path);
    } else if (entry.isFile()) {
      yield path;
    }
  }
}
