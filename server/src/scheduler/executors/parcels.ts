import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, cp, link, lstat, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { blobsOf, parcelPaths, type BlobStore, type ParcelOutcome, type ParcelPaths, type ParcelSpec } from '@slipway/kernels-bridge';
import { createCheckpoints } from '../checkpoints';
import type { JobToRun, SecretSource } from '../executor';
import type { EngineConfig } from './config';

/** Not a step's business, and often large. */
const NOT_COPIED = new Set(['.git', '.venv', 'node_modules', '__pycache__', '.ipynb_checkpoints', '.slipway']);
const MADE = 0o700;

/** What is asked of an engine cannot be laid out for it; the message says why, and what helps. */
export class NotPackable extends Error {
  constructor(message: string, readonly code: 'not_packable' | 'secret_missing' = 'not_packable', cause?: unknown) {
    super(message, { cause });
  }
}

export type Parcels = ReturnType<typeof createParcels>;

/** Steps as folders beneath what the daemon and an engine's nodes share. */
export function createParcels(deps: { config: EngineConfig; blobs: BlobStore; secrets: SecretSource; runtimeFolders: { runner: string; python: string }; environmentLock: (kernelName: string) => Promise<string> }) {
  const { config, blobs } = deps;
  const { folder: root, onNodes = root } = config.shared;
  const jobs = join(root, 'jobs');
  const checkpoints = createCheckpoints(join(root, 'checkpoints'));
  let installed: Promise<string> | undefined;

  /** The runner and its Python files in the shared folder, once for each build of them; gives the folder's name. */
  async function install(): Promise<string> {
    const { runner, python } = deps.runtimeFolders;
    await access(join(runner, 'step-runner.cjs')).catch(cause => {
      throw new NotPackable(`Slipway's step runner is not built (${runner}): run \`npm run build\`.`, 'not_packable', cause);
    });
    const name = `runtime-${(await digestOf([runner, python])).slice(0, 16)}`;
    const target = join(root, name);
    if (!(await isThere(target))) {
      const temporary = join(root, `.${name}-${process.pid}`);
      await rm(temporary, { recursive: true, force: true });
      await mkdir(root, { recursive: true, mode: MADE });
      await cp(runner, temporary, { recursive: true });
      await cp(python, join(temporary, 'python'), { recursive: true, filter: path => basename(path) !== '__pycache__' });
      await rename(temporary, target).catch(async error => {
        await rm(temporary, { recursive: true, force: true });
        if (!(await isThere(target))) throw error; // another daemon was faster
      });
    }
    return name;
  }

  async function fill(folder: string, job: JobToRun): Promise<void> {
    const paths = parcelPaths(folder);
    const { secretRefs, ranks, ...spec } = job.spec;
    const secrets = secretRefs && (await deps.secrets.resolve(secretRefs).catch((err: unknown) => {
      throw new NotPackable(err instanceof Error ? err.message : String(err), 'secret_missing', err);
    }));
    await mkdir(paths.blobs, { recursive: true, mode: MADE });
    const digests = new Set([...spec.inputFiles.map(f => f.digest), ...spec.inputs.flatMap(value => [value.digest, ...blobsOf(value, blobs)])]);
    for (const digest of digests) {
      await linkOrCopy(blobs.pathOf(digest), join(paths.blobs, digest));
    }
    if (config.nodes.notebooks === 'copied') {
      await copyNotebookFolder(spec.folder, paths.notebookFolder, [root]);
    }
    const parcel: ParcelSpec = {
      step: { ...spec, ...(secrets && { secrets }), id: `${job.id}-${job.attempt}`, gpus: [], checkpointFolder: join(onNodes, relative(root, await checkpoints.open(job))) },
      gpuCount: job.gpuCount,
      ...(ranks !== undefined && { ranks }),
      python: config.nodes.python,
      sandbox: config.nodes.sandbox,
      notebookFolder: config.nodes.notebooks,
      hiddenPaths: [onNodes],
      environmentLock: await deps.environmentLock(spec.kernelName).catch(() => null)
    };
    await writeFile(paths.spec, JSON.stringify(parcel), { mode: 0o600 });
  }

  async function copyNotebookFolder(from: string, to: string, never: readonly string[]): Promise<void> {
    let sizeBytes = 0;
    await cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: async path => {
        if (NOT_COPIED.has(basename(path)) || never.includes(path)) return false;
        const found = await lstat(path);
        sizeBytes += found.isFile() ? found.size : 0;
        if (sizeBytes > config.nodes.largestFolder) {
          throw new NotPackable(`The notebook’s folder ${from} is larger than ${Math.round(config.nodes.largestFolder / 2 ** 20)} MiB and is not copied to the engine: keep large data elsewhere on the nodes, raise \`largestFolder\`, or set \`notebooks: mounted\` where the nodes see the same folder.`);
        }
        return found.isFile() || found.isDirectory() || found.isSymbolicLink();
      }
    });
  }

  return {
    checkpoints,
    pathsOf: (name: string): ParcelPaths => parcelPaths(join(jobs, name)),
    onNodes: (name: string): string => join(onNodes, 'jobs', name),
    isPacked: (name: string): Promise<boolean> => isThere(join(jobs, name)),
    /** Lays the job out, all or nothing; gives the runner's path on the nodes. @throws {NotPackable} */
    async pack(name: string, job: JobToRun): Promise<string> {
      const runtime = await (installed ??= install().finally(() => (installed = undefined)));
      if (!(await isThere(join(jobs, name)))) {
        const temporary = join(jobs, `.new-${name}`);
        await rm(temporary, { recursive: true, force: true });
        await mkdir(temporary, { recursive: true, mode: MADE });
        await fill(temporary, job);
        await rename(temporary, join(jobs, name));
      }
      return join(onNodes, runtime, 'step-runner.cjs');
    },
    /** How the step ended; null as long as it has not. */
    async outcome(name: string): Promise<ParcelOutcome | null> {
      const text = await readFile(parcelPaths(join(jobs, name)).outcome, 'utf8').catch(() => null);
      return text === null ? null : (JSON.parse(text) as ParcelOutcome);
    },
    /** Takes all that the step left among our own blobs. @throws where something is not what its name says */
    async takeIn(name: string): Promise<void> {
      const { out } = parcelPaths(join(jobs, name));
      for (const digest of (await readdir(out)).filter(entry => /^[0-9a-f]{64}$/.test(entry))) {
        const stored = await blobs.putFile(join(out, digest));
        if (stored.digest !== digest) {
          throw new Error(`A result of ${name} was damaged on its way: ${digest} has the digest ${stored.digest}.`);
        }
      }
    },
    /** The last lines the engine caught of the runner, for a step that left no outcome. */
    async complaints(name: string): Promise<string> {
      const text = await readFile(parcelPaths(join(jobs, name)).engineLog, 'utf8').catch(() => '');
      return text.trim().split('\n').slice(-5).join('\n').slice(-2_000);
    },
    remove: (name: string): Promise<void> => rm(join(jobs, name), { recursive: true, force: true, maxRetries: 3 })
  };
}

/** What a growing file holds from `offset` on, in pieces. */
export async function* readFrom(path: string, offset: number): AsyncGenerator<Buffer> {
  const file = await open(path).catch(() => null);
  if (file === null) {
    return;
  }
  try {
    for (let at = offset; ; ) {
      const buffer = Buffer.alloc(256 * 1024);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) {
        return;
      }
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

const isThere = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to)); // another file system
}

/** Of files' paths and contents. */
async function digestOf(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter(e => e.isFile() && !e.parentPath.includes('__pycache__')).map(e => join(e.parentPath, e.name)).sort();
    for (const file of files) {
      hash.update(`${file.slice(folder.length)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}
