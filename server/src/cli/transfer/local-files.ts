import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
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

/** A file below a folder; its size is null where nobody tells. */
export interface SourceFile {
  path: string;
  sizeBytes: number | null;
}

/** All files below a folder; none where it is gone. Links are not followed. */
export async function* localFiles(folder: string): AsyncGenerator<SourceFile> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter(e => e.isFile())) {
    const file = join(entry.parentPath, entry.name);
    yield { path: relative(folder, file), sizeBytes: (await lstat(file)).size };
  }
}

export function openLocal(path: string): ReadableStream<Uint8Array> {
  return Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
}
