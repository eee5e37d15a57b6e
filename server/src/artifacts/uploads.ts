import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { InvalidInput, NotFound } from '../core/errors';
import { isUuid } from '../core/uuid';
import type { Blob, Blobs } from './blobs';
import { checkedPath } from './paths';
import { writeFileHashed } from './write-file';

/** A part as its sender was told it was stored. */
export interface UploadPart {
  /** From 1; the file is the parts in this order. */
  number: number;
  etag: string;
}

/** An upload nobody has sent a part to for so long is given up. */
const STALE_MS = 24 * 3_600_000;
const MOST_PARTS = 10_000;
const TARGET = 'target';

/**
 * Files that come in parts. The parts of an upload lie in a folder of its own
 * until it is completed, which joins them to a blob, or aborted.
 */
export function createUploads(root: string, blobs: Blobs) {
  const uploads = join(root, 'incoming', 'uploads');

  /** @throws {NotFound} `no_such_upload` */
  async function find(id: string): Promise<{ folder: string; path: string }> {
    const folder = join(uploads, id);
    const path = isUuid(id) ? await readFile(join(folder, TARGET), 'utf8').catch(() => null) : null;
    if (path === null) {
      throw new NotFound('no_such_upload', 'There is no such upload (any more): it was completed, aborted, or left alone for a day.');
    }
    return { folder, path };
  }

  /** The same, where it is an upload to that path. */
  async function findFor(id: string, path: string): Promise<string> {
    const found = await find(id);
    if (found.path !== path) {
      throw new InvalidInput('wrong_path', 'This upload goes to another path.');
    }
    return found.folder;
  }

  async function removeStale(): Promise<void> {
    for (const name of await readdir(uploads).catch(() => [])) {
      const changed = await stat(join(uploads, name)).catch(() => null);
      if (changed && changed.mtimeMs < Date.now() - STALE_MS) {
        await rm(join(uploads, name), { recursive: true, force: true });
      }
    }
  }

  return {
    /** Begins an upload to the path; gives its id. */
    async begin(path: string): Promise<string> {
      await removeStale();
      const id = randomUUID();
      await mkdir(join(uploads, id), { recursive: true, mode: 0o700 });
      await writeFile(join(uploads, id, TARGET), checkedPath(path), { mode: 0o600 });
      return id;
    },
    /** Stores a part, a resent one beside the one before; gives its etag. @throws {NotFound} `no_such_upload` */
    async putPart(id: string, number: number, source: Readable): Promise<string> {
      const { folder } = await find(id);
      if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
        throw new InvalidInput('invalid_part', `Parts are numbered from 1 to ${MOST_PARTS}.`);
      }
      const temporary = join(folder, `incoming-${randomUUID()}`);
      try {
        const { digest } = await writeFileHashed(temporary, source, false);
        await rename(temporary, join(folder, `${number}-${digest}`));
        return digest;
      } finally {
        await rm(temporary, { force: true });
      }
    },
    /** Joins the parts to a blob. Its parts stay until `end`: the caller names the blob first. @throws {NotFound} `no_such_upload`; {InvalidInput} `wrong_path`, `invalid_part` */
    async join(id: string, path: string, parts: readonly UploadPart[]): Promise<Blob> {
      const folder = await findFor(id, path);
      const files = parts.toSorted((a, b) => a.number - b.number).map(part => join(folder, `${part.number}-${/^"?([0-9a-f]{64})"?$/.exec(part.etag)?.[1] ?? ''}`));
      const isThere = await Promise.all(files.map(file => access(file).then(() => true, () => false)));
      if (files.length === 0 || new Set(parts.map(p => p.number)).size < parts.length || isThere.includes(false)) {
        throw new InvalidInput('invalid_part', 'A part is missing, named twice, or has another etag than was answered to it.');
      }
      return blobs.put(bytesOf(files));
    },
    /** Gives its parts up. @throws {NotFound} `no_such_upload`; {InvalidInput} `wrong_path` */
    async end(id: string, path: string): Promise<void> {
      await rm(await findFor(id, path), { recursive: true, force: true });
    }
  };
}

async function* bytesOf(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) {
    yield* createReadStream(file, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>;
  }
}
