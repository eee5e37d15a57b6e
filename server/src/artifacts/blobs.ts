import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { writeFileHashed } from './write-file';

export interface Blob {
  /** SHA-256 of the bytes, hex. */
  digest: string;
  sizeBytes: number;
}
export type Blobs = ReturnType<typeof createBlobs>;

/** Content-addressed files below `root`: written once under a temporary name, fsynced, renamed, never changed. */
export function createBlobs(root: string) {
  const pathOf = (digest: string): string => {
    if (!/^[0-9a-f]{64}$/.test(digest)) {
      throw new Error(`Not a SHA-256: ${digest}`);
    }
    return join(root, 'sha256', digest.slice(0, 2), digest);
  };

  async function put(source: Readable | AsyncIterable<Buffer> | Buffer): Promise<Blob> {
    const temporary = join(root, 'incoming', randomUUID());
    await mkdir(dirname(temporary), { recursive: true, mode: 0o700 });
    try {
      const blob = await writeFileHashed(temporary, source, true);
      await keep(temporary, pathOf(blob.digest));
      return blob;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  return {
    /** Stores a stream or buffer; nothing is left behind when the stream breaks off. */
    put,
    /** Stores a copy of the file; the original stays. */
    async putFile(path: string): Promise<Blob> {
      // A buffer lies outside of node's heap: a megabyte for each small file has it collect garbage all the time.
      const { size } = await stat(path);
      return put(createReadStream(path, { highWaterMark: Math.min(2 ** 20, size + 1) }));
    },
    /** Where a stored blob's bytes lie; never to be written. */
    pathOf,
    async has(digest: string): Promise<boolean> {
      return access(pathOf(digest)).then(
        () => true,
        () => false
      );
    }
  };
}

async function keep(temporary: string, path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(temporary, path);
  // The rename itself lasts only once its folder is on disk.
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
