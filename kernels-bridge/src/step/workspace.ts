import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Mask } from './mask';
import { readBooks } from './mlflow-books';
import { NotTheSteps, walk, within } from './own-files';
import { blobsOf } from './stored-list';
import type { BlobStore, Codec, Spread, SpreadItem, StepSpec, StoredFile, StoredValue } from './spec';

export type Workspace = ReturnType<typeof createWorkspace>;
const PARTS = ['io/in', 'io/out', 'io/models', 'upper', 'work', 'merged'];
/** A step's answer holds records and names, never data. */
const REPLY_LIMIT = 64 * 2 ** 20;

/**
 * A step's own folder on disk. The kernel sees only `io` (its inputs, what it
 * leaves, its answers); the private layer its files go to lies beside it.
 *
 * What lies in `io` and in the layer was made by the user's code, which may
 * have put a link there: everything is read through `within`.
 */
export function createWorkspace(root: string, id: string, blobs: BlobStore) {
  rmSync(join(root, id), { recursive: true, force: true });
  PARTS.forEach(part => mkdirSync(join(root, id, part), { recursive: true, mode: 0o700 }));
  const folder = realpathSync(join(root, id));
  const io = join(folder, 'io');
  const store = (top: string, path: string): ReturnType<BlobStore['putFile']> => within(top, path, opened => blobs.putFile(opened));

  return {
    folder,
    io,
    /** Lays out inputs and the files of upstream steps. */
    fill(spec: Pick<StepSpec, 'inputs' | 'inputFiles'>): void {
      for (const input of spec.inputs) {
        linkOrCopy(blobs.pathOf(input.digest), join(io, 'in', input.name));
        const items = blobsOf(input, blobs);
        if (items.length > 0) {
          mkdirSync(join(io, 'in', `${input.name}.items`), { mode: 0o700 });
          items.forEach((digest, i) => linkOrCopy(blobs.pathOf(digest), join(io, 'in', `${input.name}.items`, String(i))));
        }
      }
      for (const file of spec.inputFiles) {
        const target = inside(join(folder, 'upper'), file.path);
        mkdirSync(dirname(target), { recursive: true });
        copyFileSync(blobs.pathOf(file.digest), target); // the step may change it
      }
    },
    /** What the kernel answered to the last call. */
    async reply<T>(): Promise<T> {
      const text = await within(io, 'reply.json', async (opened, sizeBytes) => {
        if (sizeBytes > REPLY_LIMIT) {
          throw new Error(`A step answered with ${sizeBytes} bytes.`);
        }
        return readFileSync(opened, 'utf8');
      });
      rmSync(join(io, 'reply.json'));
      try {
        return JSON.parse(text) as T;
      } catch {
        throw new NotTheSteps('reply.json');
      }
    },
    async value(name: string, codec: StoredValue['codec']): Promise<StoredValue> {
      return { name, codec, ...(await store(io, `out/${name}`)) };
    },
    /** A list taken apart; its items that are no plain values lie beside it, by their place. */
    async spread(name: string, items: readonly ({ literal: string } | { codec: Codec })[]): Promise<Spread> {
      const stored: SpreadItem[] = [];
      for (const [i, item] of items.entries()) {
        stored.push('literal' in item ? item : { codec: item.codec, ...(await store(io, `out/${name}.items/${i}`)) });
      }
      const file = join(folder, `${name}.spread`);
      writeFileSync(file, JSON.stringify(stored));
      return { name, ...(await blobs.putFile(file)), count: items.length, digests: stored.flatMap(s => ('digest' in s ? [s.digest] : [])) };
    },
    /** Files of the private layer that are new or changed; links, devices and caches are none. */
    async files(known: readonly StoredFile[], notebookFolder: string): Promise<StoredFile[]> {
      const isCopy = existsSync(join(folder, 'copied'));
      const layer = join(folder, isCopy ? 'merged' : 'upper');
      const found: StoredFile[] = [];
      for (const path of walk(layer)) {
        if (!isCopy || !isSameFile(join(layer, path), join(notebookFolder, path))) {
          found.push({ path, ...(await store(layer, path)) });
        }
      }
      return found.filter(file => !known.some(k => k.path === file.path && k.digest === file.digest));
    },
    async modelFiles(index: number): Promise<StoredFile[]> {
      const model = `models/${index}/model`;
      return Promise.all([...walk(join(io, model))].map(async path => ({ path, ...(await store(io, `${model}/${path}`)) })));
    },
    async predictions(index: number, codec: StoredValue['codec']): Promise<StoredValue> {
      return { name: 'predictions', codec, ...(await store(io, `models/${index}/predictions`)) };
    },
    /** What the cells told MLflow; `withFiles` takes the files of it in as well. */
    logged: (mask: Mask, withFiles: boolean): ReturnType<typeof readBooks> => readBooks({ io, blobs, mask, scratch: join(folder, 'masked'), withFiles }),
    /** Stores the executed notebook. */
    notebook(content: object): ReturnType<BlobStore['putFile']> {
      const file = join(folder, 'executed.ipynb');
      writeFileSync(file, JSON.stringify(content));
      return blobs.putFile(file);
    },
    /** A layer takes the system some milliseconds; what stays is removed at the next start. */
    remove: (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
  };
}

/** @throws if the path climbs out of the folder */
function inside(folder: string, path: string): string {
  const target = resolve(folder, path);
  if (!target.startsWith(folder + sep)) {
    throw new Error(`${path} is not inside the step's folder.`);
  }
  return target;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to); // another file system
  }
}

function isSameFile(a: string, b: string): boolean {
  try {
    return readFileSync(a).equals(readFileSync(b));
  } catch {
    return false;
  }
}
