import { isUtf8 } from 'node:buffer';
import { readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Mask } from './mask';
import { NotTheSteps, walk, within } from './own-files';
import type { BlobStore, StoredFile } from './spec';

/** Of one step in all; what is beyond is left out, and said so. */
const MOST_FILES = 10_000;
const MOST_BYTES = 10 * 2 ** 30;
/** Of one folder. */
const MOST_NAMES = 2_000;
/** Of one text: a value, a curve of points, a description. */
const LONGEST_TEXT = 4 * 2 ** 20;
/** Longer files are not looked through for secrets. */
const MASKED_BYTES = 16 * 2 ** 20;

export interface Shelf {
  /** The step's exchange folder; all that is read must lie in it. */
  io: string;
  blobs: BlobStore;
  mask: Mask;
  /** A file of ours to write masked text to. */
  scratch: string;
  /** False: values alone are read, for who stops a step does not wait for files. */
  withFiles: boolean;
}

export type BookReader = ReturnType<typeof createBookReader>;

/** Reads folders and files that a step's code made, within limits; `leftOut` names what was not taken. */
export function createBookReader({ io, blobs, mask, scratch, withFiles }: Shelf) {
  const leftOut: string[] = [];
  let files = 0;
  let bytes = 0;

  /** A link may lead out of the step's folder, and to a whole disk. */
  function isOwnFolder(path: string): boolean {
    try {
      return realpathSync(join(io, path)) === join(io, path);
    } catch {
      return false;
    }
  }

  /** Names of the plain files below a folder. */
  function names(folder: string): string[] {
    const found: string[] = [];
    for (const name of isOwnFolder(folder) ? walk(join(io, folder)) : []) {
      if (found.push(name) === MOST_NAMES) {
        leftOut.push(`all beyond ${MOST_NAMES} in ${folder.split('/').at(-1)}`);
        break;
      }
    }
    return found;
  }

  /** Null for what is no file of the step's, or too long; without NUL, which no database keeps. */
  async function text(path: string): Promise<string | null> {
    try {
      return await within(io, path, async (opened, sizeBytes) => (sizeBytes > LONGEST_TEXT ? null : readFileSync(opened, 'utf8').replaceAll('\0', '\uFFFD')));
    } catch (error) {
      return notTheSteps(error);
    }
  }

  /** As the step wrote it, but for secrets in a text. */
  function put(opened: string, sizeBytes: number): ReturnType<BlobStore['putFile']> {
    const content = mask.isIdle || sizeBytes > MASKED_BYTES ? null : readFileSync(opened);
    if (content === null || !isUtf8(content)) {
      return blobs.putFile(opened);
    }
    const plain = content.toString('utf8');
    const masked = mask.text(plain);
    if (masked === plain) {
      return blobs.putFile(opened);
    }
    writeFileSync(scratch, masked);
    return blobs.putFile(scratch);
  }

  async function file(folder: string, path: string): Promise<StoredFile[]> {
    try {
      return await within(io, `${folder}/${path}`, async (opened, sizeBytes) => {
        if (files + 1 > MOST_FILES || bytes + sizeBytes > MOST_BYTES) {
          leftOut.push(path);
          return [];
        }
        files += 1;
        bytes += sizeBytes;
        return [{ path, ...(await put(opened, sizeBytes)) }];
      });
    } catch (error) {
      notTheSteps(error);
      leftOut.push(path);
      return [];
    }
  }

  return {
    leftOut,
    leaveOut: (what: readonly string[]): void => void leftOut.push(...what),
    names,
    text,
    /** Folders in `folder` of such a name, by their path from the exchange folder. */
    folders(folder: string, pattern: RegExp): string[] {
      const entries = isOwnFolder(folder) ? readdirSync(join(io, folder), { withFileTypes: true }) : [];
      return entries.filter(entry => entry.isDirectory() && pattern.test(entry.name)).map(entry => `${folder}/${entry.name}`);
    },
    async yaml(path: string): Promise<Record<string, unknown> | null> {
      try {
        const value = parse((await text(path)) ?? '', (_key, v: unknown) => (typeof v === 'string' ? v.replaceAll('\0', '\uFFFD') : v), { logLevel: 'silent' }) as unknown;
        return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
      } catch {
        return null;
      }
    },
    /** A file a key. */
    async values(folder: string): Promise<Record<string, string>> {
      const values: [string, string][] = [];
      for (const name of names(folder)) {
        const value = await text(`${folder}/${name}`);
        if (value === null) {
          leftOut.push(name);
        } else {
          values.push([name, value]);
        }
      }
      return Object.fromEntries(values);
    },
    /** Takes in all files below a folder. */
    async files(folder: string): Promise<StoredFile[]> {
      const found: StoredFile[] = [];
      for (const path of withFiles && isOwnFolder(folder) ? walk(join(io, folder)) : []) {
        found.push(...(await file(folder, path)));
        if (files >= MOST_FILES) {
          leftOut.push(`all files beyond ${MOST_FILES}`);
          break;
        }
      }
      return found;
    }
  };
}

/** @throws whatever else it is: a full disk is the step's failure */
function notTheSteps(error: unknown): null {
  if (error instanceof NotTheSteps) {
    return null;
  }
  throw error;
}
