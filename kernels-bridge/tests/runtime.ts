import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKernelRuntime, type BlobStore, type KernelRuntime, type StepResult, type StepSpec } from '../src';

const ROOT = join(__dirname, '../..');

export interface TestRuntime {
  runtime: KernelRuntime;
  blobs: BlobStore;
  /** The notebook's folder. */
  folder: string;
  home: string;
  run(cells: string[], spec?: Partial<StepSpec>, signal?: AbortSignal): Promise<StepResult & { log: string }>;
  stop(): Promise<void>;
}

/** Real kernels in a home of their own. */
export async function startRuntime(poolSize = 1): Promise<TestRuntime> {
  const base = mkdtempSync(join(tmpdir(), 'slw-'));
  const [home, folder, runtimeDir] = ['home', 'notebooks', 'run'].map(name => join(base, name)) as [string, string, string];
  [home, folder, runtimeDir].forEach(path => mkdirSync(path, { mode: 0o700 }));
  const blobs: BlobStore = {
    putFile: async path => {
      const bytes = readFileSync(path);
      const digest = createHash('sha256').update(bytes).digest('hex');
      copyFileSync(path, join(home, digest));
      return { digest, sizeBytes: bytes.length };
    },
    pathOf: digest => join(home, digest)
  };
  const runtime = await createKernelRuntime({
    runtimeDir,
    workDir: join(home, 'work'),
    logFile: join(home, 'kernels.log'),
    blobs,
    sandbox: 'auto',
    hiddenPaths: [home, runtimeDir],
    python: join(ROOT, '.venv/bin/python'),
    pythonPath: join(ROOT, 'kernels-bridge/python'),
    poolSize,
    env: process.env
  });
  return {
    runtime,
    blobs,
    folder,
    home,
    async run(cells, spec = {}, signal = new AbortController().signal) {
      let log = '';
      const result = await runtime.runStep(
        {
          id: randomUUID(),
          kernelName: 'python3',
          folder,
          cells: cells.map((source, i) => ({ id: `c${i}`, source })),
          inputs: [],
          inputFiles: [],
          outputs: [],
          models: [],
          env: {},
          gpus: [],
          ...spec,
          limits: { memoryBytes: 2 ** 31, cpus: 1, timeoutMs: 60_000, logBytes: 2 ** 20, ...spec.limits }
        },
        { signal, observer: { onLog: text => (log += text) } }
      );
      return { ...result, log };
    },
    async stop() {
      await runtime.dispose();
      expect(readdirSync(runtimeDir)).toEqual([]);
      rmSync(base, { recursive: true });
    }
  };
}
