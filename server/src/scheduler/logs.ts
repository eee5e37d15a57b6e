import { createWriteStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LogChunk } from '@slipway/schema';

/** Most bytes one read gives; the reader asks again from `nextOffset`. */
const CHUNK_BYTES = 256 * 1024;

export type JobLogs = ReturnType<typeof createJobLogs>;
export interface LogWriter {
  /** What was in the file already. */
  startBytes: number;
  write(text: string): void;
  /** Resolves when all is in the file. */
  close(): Promise<void>;
}

/** Log files of job attempts: `root/<key>/<attempt>.log`; read by byte offset while they grow. */
export function createJobLogs(root: string) {
  const pathOf = (key: string, attempt: number): string => join(root, ...key.split('/').map(encodeURIComponent), `${attempt}.log`);

  return {
    pathOf,
    /** Starts the attempt's file afresh, or goes on with it. Keeps `limitBytes`, then says that the rest is left out. */
    async open(key: string, attempt: number, limitBytes: number, onError: (error: Error) => void, isContinued = false): Promise<LogWriter> {
      const path = pathOf(key, attempt);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const stream = createWriteStream(path, { mode: 0o600, flags: isContinued ? 'a' : 'w' });
      const startBytes = isContinued ? ((await stat(path).catch(() => undefined))?.size ?? 0) : 0;
      let sizeBytes = startBytes;
      let isBroken = false;
      stream.on('error', error => {
        isBroken = true; // a full disk ends the log, not the step
        onError(error);
      });
      return {
        startBytes,
        write(text) {
          if (isBroken || sizeBytes >= limitBytes) {
            return;
          }
          const bytes = Buffer.from(text);
          const room = limitBytes - sizeBytes;
          sizeBytes += bytes.length;
          stream.write(bytes.length < room ? bytes : Buffer.concat([bytes.subarray(0, room), Buffer.from(cutNotice(limitBytes))]));
        },
        close: () => new Promise(resolve => (isBroken ? resolve() : stream.once('error', () => resolve()).end(() => resolve())))
      };
    },
    /** Whole characters from `offset` on; an attempt without a file reads as empty. */
    async read(key: string, attempt: number, offset: number, limitBytes: number): Promise<Omit<LogChunk, 'isComplete'> & { isAtEnd: boolean }> {
      const file = await open(pathOf(key, attempt)).catch(() => undefined);
      if (!file) {
        return { text: '', nextOffset: 0, isAtEnd: true, isCut: false };
      }
      try {
        const { size } = await file.stat();
        const buffer = Buffer.alloc(Math.max(0, Math.min(CHUNK_BYTES, size - offset)));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
        const end = offset + bytesRead >= size ? bytesRead : wholeCharacters(buffer, bytesRead);
        return { text: buffer.toString('utf8', 0, end), nextOffset: Math.min(offset, size) + end, isAtEnd: offset + end >= size, isCut: size >= limitBytes };
      } finally {
        await file.close();
      }
    },
    async sizeOf(key: string, attempt: number): Promise<number> {
      return (await stat(pathOf(key, attempt)).catch(() => undefined))?.size ?? 0;
    },
    async remove(key: string): Promise<void> {
      await rm(dirname(pathOf(key, 1)), { recursive: true, force: true });
    }
  };
}

const cutNotice = (limitBytes: number): string => `\n[slipway] The log is cut here: a step keeps at most ${Math.round(limitBytes / 1e6)} MB.\n`;

/** How many of the first `length` bytes end on a character's edge. */
function wholeCharacters(buffer: Buffer, length: number): number {
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = buffer[length - back]!;
    if ((byte & 0xc0) === 0xc0) {
      return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length - back : length;
    }
  }
  return length;
}
