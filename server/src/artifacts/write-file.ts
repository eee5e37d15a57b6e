import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** Written at once: chunks come from a socket in 64 KB, and each write is a trip to another thread. */
const BATCH_BYTES = 2 ** 20;
/** Sent to the disk while more comes in, so that little is left to wait for at the end. */
const SYNC_BYTES = 64 * 2 ** 20;

/**
 * Writes a new file and hashes it on the way; holds at most two batches in
 * memory.
 *
 * @param isLasting whether it is on the disk, not in a cache of the system's, once this returns
 * @returns SHA-256 of the bytes, hex, and their number
 */
export async function writeFileHashed(path: string, source: AsyncIterable<unknown> | Readable | Buffer, isLasting: boolean): Promise<{ digest: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  const writer = createWriter(file, isLasting);
  let [batch, held, sizeBytes]: [Buffer[], number, number] = [[], 0, 0];
  const flush = async (): Promise<void> => {
    const chunks = batch;
    sizeBytes += held;
    [batch, held] = [[], 0];
    await writer.write(chunks);
    chunks.forEach(chunk => hash.update(chunk)); // while another thread writes
  };
  try {
    for await (const chunk of Buffer.isBuffer(source) ? [source] : source) {
      batch.push(chunk as Buffer);
      held += (chunk as Buffer).length;
      if (held >= BATCH_BYTES) {
        await flush();
      }
    }
    await flush();
    await writer.end();
  } finally {
    await writer.settled();
    await file.close();
  }
  return { digest: hash.digest('hex'), sizeBytes };
}

/** Writes in order, one batch at a time, without waiting for it before the next is gathered. */
function createWriter(file: FileHandle, isLasting: boolean) {
  let writing: Promise<unknown> = Promise.resolve();
  let syncing: Promise<unknown> = Promise.resolve();
  let unsynced = 0;
  return {
    /** Takes chunks over once those before are written. @throws what writing those before threw */
    async write(chunks: readonly Buffer[]): Promise<void> {
      await writing;
      const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      writing = size === 0 ? Promise.resolve() : writeAll(file, chunks, size);
      writing.catch(() => undefined); // thrown by the next to wait for it
      unsynced += size;
      if (isLasting && unsynced >= SYNC_BYTES) {
        await syncing;
        unsynced = 0;
        syncing = file.datasync();
        syncing.catch(() => undefined);
      }
    },
    async end(): Promise<void> {
      await writing;
      await syncing;
      await (isLasting && file.sync());
    },
    /** Once nothing of it is under way any more, whatever came of it. */
    settled: (): Promise<unknown> => Promise.allSettled([writing, syncing])
  };
}

async function writeAll(file: FileHandle, chunks: readonly Buffer[], size: number): Promise<void> {
  const { bytesWritten } = await file.writev(chunks);
  if (bytesWritten < size) {
    await file.writeFile(Buffer.concat(chunks).subarray(bytesWritten)); // from where that write ended; says why it ended
  }
}
