import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The folder on this machine that an artifact root names: `file:///…` or an absolute path; null for any other. */
export function localFolder(uri: string): string | null {
  try {
    const path = uri.startsWith('file:') ? fileURLToPath(uri) : uri;
    return isAbsolute(path) ? path.replace(/\/+$/, '') : null;
  } catch {
    return null; // of another host
  }
}

/** Paths of all files below a folder; none where it is gone. Links are not followed. */
export async function* localFiles(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter(e => e.isFile())) {
    yield relative(folder, join(entry.parentPath, entry.name));
  }
}

export function openLocal(path: string): ReadableStream<Uint8Array> {
  return Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
}
