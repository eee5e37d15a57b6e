import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { BlobStore, StoredFile } from '@slipway/kernels-bridge';
import { localImports } from '../notebooks';

/** More files than this next to a notebook are no modules of it. */
const FILE_LIMIT = 500;

/**
 * Stores the `.py` files beside a notebook that the sources import, directly
 * or through one another: they belong to the version as they are now.
 */
export async function collectLocalModules(folder: string, sources: readonly string[], blobs: BlobStore): Promise<StoredFile[]> {
  const found = new Map<string, StoredFile>();
  const pending = sources.flatMap(localImports).map(name => ({ name }));
  const seen = new Set<string>();
  while (pending.length > 0 && found.size < FILE_LIMIT) {
    const { name } = pending.pop()!;
    if (seen.has(name)) {
      continue;
    }
    seen.add(name);
    for (const path of await filesOfModule(folder, name)) {
      const key = relative(folder, path);
      if (!found.has(key)) {
        found.set(key, { path: key, ...(await blobs.putFile(path)) });
        pending.push(...localImports(await readFile(path, 'utf8')).map(n => ({ name: n })));
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `helpers` → helpers.py, or every .py file of the package helpers/. */
async function filesOfModule(folder: string, name: string): Promise<string[]> {
  const top = name.split('.')[0]!;
  if (!/^[A-Za-z_]\w*$/.test(top)) {
    return [];
  }
  const file = join(folder, `${top}.py`);
  if (await isFile(file)) {
    return [file];
  }
  const entries = await readdir(join(folder, top), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter(e => e.isFile() && e.name.endsWith('.py')).slice(0, FILE_LIMIT).map(e => join(e.parentPath, e.name));
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
