import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { StepRead, StoredFile } from '@slipway/kernels-bridge';

const MEMO_LIMIT = 2_000;

export type FileDigests = ReturnType<typeof createFileDigests>;

/** Digests of files and folder listings as a step would see them; a file is read again only when its size, time or inode changed. */
export function createFileDigests() {
  const memo = new Map<string, { stamp: string; digest: string }>();

  async function fileDigest(path: string): Promise<string | null> {
    const info = await stat(path, { bigint: true }).catch(() => undefined);
    if (!info?.isFile()) {
      return null;
    }
    const stamp = [info.size, info.mtimeNs, info.ctimeNs, info.ino, info.dev].join('/');
    const known = memo.get(path);
    if (known?.stamp === stamp) {
      return known.digest;
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const digest = hash.digest('hex');
    if (memo.size >= MEMO_LIMIT) {
      memo.delete(memo.keys().next().value!);
    }
    memo.set(path, { stamp, digest });
    return digest;
  }

  return {
    /** Digest of what `read` named, with `files` laid over `folder`; null when it is not there or cannot be read. */
    async digestOf(read: Pick<StepRead, 'path' | 'kind'>, folder: string, files: readonly StoredFile[]): Promise<string | null> {
      const path = resolve(folder, read.path);
      const inFolder = relative(folder, path);
      try {
        if (read.kind === 'file') {
          return files.find(f => f.path === inFolder)?.digest ?? (await fileDigest(path));
        }
        const laid = files.map(f => relative(path, join(folder, f.path)).split('/')[0]!).filter(name => name !== '..' && name !== '');
        return listingDigest([...new Set([...(await readdir(path)), ...laid])]);
      } catch {
        return null;
      }
    }
  };
}

/** SHA-256 of the sorted names, one a line. */
export function listingDigest(names: readonly string[]): string {
  const sorted = names.map(n => Buffer.from(n)).sort(Buffer.compare).map(b => b.toString());
  return createHash('sha256').update(sorted.join('\n')).digest('hex');
}
