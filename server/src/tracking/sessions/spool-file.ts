import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const CHUNK_BYTES = 256 * 1024;
/** A line longer than this is skipped: no record is. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const LINE_FEED = 10;

/** Whole lines from `offset` on, at most `limit`, and where the last of them ends; `end === offset` where none is whole yet. */
export async function readLines(path: string, offset: number, limit: number): Promise<{ lines: string[]; end: number }> {
  const file = await open(path, 'r');
  try {
    for (let size = CHUNK_BYTES; ; size *= 4) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
      const found = split(buffer.subarray(0, bytesRead), limit);
      if (found.length > 0) {
        return { lines: found.lines, end: offset + found.length };
      }
      if (bytesRead < size) {
        return { lines: [], end: offset };
      }
      if (size >= MAX_LINE_BYTES) {
        return { lines: [], end: offset + bytesRead };
      }
    }
  } finally {
    await file.close();
  }
}

function split(bytes: Buffer, limit: number): { lines: string[]; length: number } {
  const lines: string[] = [];
  let from = 0;
  for (let to = bytes.indexOf(LINE_FEED); to >= 0 && lines.length < limit; to = bytes.indexOf(LINE_FEED, from)) {
    lines.push(bytes.toString('utf8', from, to));
    from = to + 1;
  }
  return { lines: lines.filter(line => line !== ''), length: from };
}

/** Up to which byte a session's file is stored; 0 where nothing says so: what comes twice is stored once. */
export async function readAck(folder: string, sessionId: string): Promise<number> {
  const text = await readFile(join(folder, `${sessionId}.ack`), 'utf8').catch(() => '0');
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : 0;
}

export async function writeAck(folder: string, sessionId: string, offset: number): Promise<void> {
  const path = join(folder, `${sessionId}.ack`);
  await writeFile(`${path}.new`, String(offset), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
