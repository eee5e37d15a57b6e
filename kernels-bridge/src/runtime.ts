import { spawnSync } from 'node:child_process';
import { realpathSync, rmSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createEnvironmentLocks } from './kernels/environment-lock';
import { createKernelspecs, type Kernelspec } from './kernels/kernelspecs';
import { KernelPool } from './kernels/pool';
import { compareValues } from './step/compare-values';
import { runStep, type Walls } from './step/run-step';
import type { BlobStore, StepObserver, StepResult, StepSpec, StoredValue } from './step/spec';
import { createWorkFolders } from './step/work-folders';
import { spawnWorker, type WorkerProcess, type WorkerSpec } from './worker';

export interface KernelRuntimeOptions {
  /** Short (unix sockets) and 0700. */
  runtimeDir: string;
  workDir: string;
  /** Where kernels' own complaints go. */
  logFile: string;
  blobs: BlobStore;
  sandbox: 'auto' | 'none';
  /** Slipway's home and sockets: steps must not see them. */
  hiddenPaths: string[];
  /** Interpreter of Slipway's own environment. */
  python: string;
  /** Folder with Slipway's Python package. */
  pythonPath: string;
  poolSize?: number;
  env: Record<string, string | undefined>;
}
export interface SandboxState {
  kind: 'bubblewrap' | 'none';
  /** What the user should know of it. */
  note: string | null;
}
export interface KernelRuntime {
  listKernels(): Kernelspec[];
  /** @throws {KernelNotFound} naming the kernels there are */
  findKernel(name: string): Promise<Kernelspec>;
  environmentLock(kernelName: string): Promise<string>;
  /** Runs one attempt of a step; never throws for what the step did. */
  runStep(spec: StepSpec, options: { signal: AbortSignal; observer?: StepObserver }): Promise<StepResult>;
  /** Whether two stored values are the same result; loads them behind walls. */
  compareValues(a: StoredValue, b: StoredValue): Promise<{ isEqual: boolean; message: string }>;
  /** A long-lived process behind walls. @throws when it cannot be started at all */
  spawnWorker(spec: WorkerSpec): Promise<WorkerProcess>;
  /** Interpreter of Slipway's own environment, and the folder of its Python package. */
  python: string;
  pythonPath: string;
  sandboxState(): SandboxState;
  /** Ends all kernels; nothing of them runs, and none of their sockets is left, when it resolves. */
  dispose(): Promise<void>;
}

/**
 * Runs code in Jupyter kernels on this machine.
 *
 * @throws if there is no sandbox to be had and none was not asked for; says what to install
 */
export async function createKernelRuntime(options: KernelRuntimeOptions): Promise<KernelRuntime> {
  const sandbox = chooseSandbox(options.sandbox);
  const workFolders = createWorkFolders(options.workDir);
  sweepSockets(options.runtimeDir);
  const specs = createKernelspecs(dirname(dirname(options.python)), options.env.JUPYTER_PATH);
  const lockOf = createEnvironmentLocks();
  const pools = new Map<string, KernelPool>();
  const isolate = sandbox.kind !== 'none';

  const clearing = new Set<Promise<unknown>>();
  const afterwards = (work: Promise<unknown> = Promise.resolve()): void => {
    const cleared = work.finally(() => clearing.delete(cleared));
    clearing.add(cleared);
  };
  const takeKernel = (spec: Kernelspec): ReturnType<KernelPool['take']> => {
    const python = spec.python ?? options.python;
    let pool = pools.get(python);
    if (!pool) {
      pool = new KernelPool({ python, pythonPath: options.pythonPath, runtimeDir: options.runtimeDir, logFile: options.logFile, isolate, env: options.env }, options.poolSize ?? 3);
      pools.set(python, pool);
    }
    return pool.take();
  };
  const keep = (python: string): string[] => [options.pythonPath, dirname(dirname(python)), dirname(dirname(realpathSync(python)))];
  const findKernel = (name: string): Kernelspec => {
    const spec = specs.find(name);
    if (spec.python === null) {
      throw new Error(`The kernel '${name}' runs ${spec.language}; pipelines run Python kernels.`);
    }
    return spec;
  };
  const deps = { blobs: options.blobs, workDirFor: workFolders.for, takeKernel, findKernel, afterwards };
  const wallsFor = (python: string): Walls | null => (isolate ? { hidden: options.hiddenPaths, keep: keep(python) } : null);

  return {
    listKernels: () => specs.list(),
    findKernel: async name => specs.find(name),
    environmentLock: async name => lockOf(specs.find(name).python ?? options.python),
    runStep: (spec, run) => runStep({ ...deps, walls: wallsFor(pythonOf(specs, spec.kernelName, options.python)) }, spec, run),
    compareValues: async (a, b) => {
      const kernel = await takeKernel({ name: '', argv: [], env: {}, language: 'python', python: options.python });
      return compareValues({ blobs: options.blobs, workDir: options.workDir, walls: wallsFor(options.python), afterwards }, kernel, a, b);
    },
    spawnWorker: spec => spawnWorker(spec, { kind: sandbox.kind, hiddenPaths: options.hiddenPaths }),
    python: options.python,
    pythonPath: options.pythonPath,
    sandboxState: () => sandbox,
    dispose: async () => {
      await Promise.all([...pools.values()].map(pool => pool.dispose()));
      await Promise.all(clearing);
    }
  };
}

function pythonOf(specs: ReturnType<typeof createKernelspecs>, name: string, standard: string): string {
  return specs.list().find(s => s.name === name)?.python ?? standard;
}

function chooseSandbox(wanted: 'auto' | 'none'): SandboxState {
  if (wanted === 'none') {
    return { kind: 'none', note: 'Steps run without walls (--sandbox none): they can read and write what you can.' };
  }
  const works = spawnSync('bwrap', ['--ro-bind', '/', '/', '--unshare-pid', '--proc', '/proc', 'true']);
  if (works.status === 0) {
    return { kind: 'bubblewrap', note: null };
  }
  const why = works.error ? 'bubblewrap is missing; install it with `sudo apt-get install -y bubblewrap`' : `bubblewrap may not make namespaces here (${String(works.stderr).trim()})`;
  throw new Error(`No sandbox for the steps of pipelines: ${why}, or run without walls: \`--sandbox none\`.`);
}

/** What a daemon that was killed left behind; its processes ended with it. */
function sweepSockets(runtimeDir: string): void {
  readdirSync(runtimeDir).filter(name => /^k-[0-9a-f]{8}/.test(name)).forEach(name => rmSync(join(runtimeDir, name), { force: true }));
}
