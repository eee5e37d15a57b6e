import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readlinkSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { KernelStartFailed } from '../errors';
import { groupOf, type MemoryGroup } from './cgroup';
import { KernelConnection, newConnectionFile } from '../wire/connection';

/** A kernel of its own process, namespaces and sockets, not yet given a step. */
export interface Kernel {
  id: string;
  /** On the host; within a pid namespace of its own, where there are walls. */
  pid: number;
  /** Inode of that namespace. */
  pidNamespace: string | null;
  connection: KernelConnection;
  memory: MemoryGroup;
  /** Resolves with the exit code (negative: a signal) when the process has ended. */
  ended: Promise<number>;
  /** Raises KeyboardInterrupt in the running cell. */
  interrupt(): void;
  /** Ends it and all it started, at once. */
  kill(): void;
}
interface Born {
  pid: number;
  /** Ends it and all it started. */
  kill(): void;
}
interface Birth {
  onBorn(born: Born): void;
  onExit(code: number, error?: string): void;
  /** Ends what was born; undefined before that. */
  kill?: () => void;
  /** Resolves when nothing of it is left, its sockets included. */
  gone: Promise<unknown>;
}
export interface ZygoteOptions {
  python: string;
  /** Folder with our Python package. */
  pythonPath: string;
  runtimeDir: string;
  logFile: string;
  isolate: boolean;
  env: Record<string, string | undefined>;
}

/** Kept from the daemon's environment: nothing in it is a secret of ours or a tracking address. */
const PASSED = /^(PATH|HOME|USER|LOGNAME|LANG|LC_.*|TZ|LD_LIBRARY_PATH|VIRTUAL_ENV|CONDA_.*)$/;

/** What ending kernels may take before their parent is killed over them. */
const END_MS = 5_000;

/** One Python process with the usual packages imported, which forks kernels in milliseconds. */
export class Zygote {
  private readonly process: ChildProcess;
  private readonly births = new Map<string, Birth>();
  private readonly ready: Promise<void>;
  private isDisposed = false;
  isDead = false;

  constructor(private readonly options: ZygoteOptions) {
    const env = Object.fromEntries(Object.entries(options.env).filter(([name]) => PASSED.test(name)));
    this.process = spawn(options.python, [join(options.pythonPath, 'slipway', 'zygote.py')], {
      cwd: '/',
      env: { ...env, PYTHONPATH: options.pythonPath, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', MPLBACKEND: 'module://matplotlib_inline.backend_inline', PATH: `${dirname(options.python)}:${env.PATH ?? ''}` },
      stdio: ['pipe', 'pipe', 'pipe']
    });
    let complaints = '';
    this.process.stderr!.on('data', chunk => (complaints = (complaints + String(chunk)).slice(-4_000)));
    this.process.stdin!.on('error', () => undefined);
    this.ready = new Promise((resolve, reject) => {
      const failed = (why: string): void => reject(new KernelStartFailed(`The kernel's Python (${options.python}) did not start: ${why}`));
      this.process.on('error', error => failed(error.message));
      this.process.on('close', () => {
        this.isDead = true;
        failed(complaints.trim().split('\n').at(-1) ?? 'it ended');
        this.births.forEach(birth => birth.onExit(-9));
      });
      createInterface({ input: this.process.stdout! }).on('line', line => this.hear(JSON.parse(line) as Report, resolve, failed));
    });
    this.ready.catch(() => undefined); // told to whoever forks
  }

  /** A kernel, up to its sockets answering. @throws {KernelStartFailed} */
  async fork(): Promise<Kernel> {
    await this.ready;
    if (this.isDisposed) {
      throw new KernelStartFailed('Slipway is stopping.');
    }
    const id = randomBytes(4).toString('hex');
    const base = join(this.options.runtimeDir, `k-${id}`);
    const { file, key } = newConnectionFile(base);
    const cancelled = new AbortController();
    let onEnded: (code: number) => void = () => undefined;
    const ended = new Promise<number>(resolve => (onEnded = resolve));
    const connection = new KernelConnection(base, key);
    const cleanUp = (): void => {
      connection.close();
      rmSync(file, { force: true });
      [1, 2, 3, 4, 5].forEach(channel => rmSync(`${base}-${channel}`, { force: true }));
    };
    const gone = ended.then(cleanUp);
    try {
      const { pid, kill } = await new Promise<Born>((resolve, reject) => {
        this.births.set(id, {
          gone,
          onBorn: resolve,
          onExit: (code, error) => {
            this.births.delete(id);
            reject(new KernelStartFailed(`A kernel did not start: ${error ?? `exit code ${code}`}. ${this.options.logFile} may say why.`));
            cancelled.abort(new KernelStartFailed(`A kernel ended while it started (exit code ${code}). ${this.options.logFile} may say why.`));
            onEnded(code);
          }
        });
        this.process.stdin!.write(`${JSON.stringify({ id, connectionFile: file, log: this.options.logFile, isolate: this.options.isolate })}\n`);
      });
      const [memory] = await Promise.all([groupOf(id, pid), connection.ready(cancelled.signal)]);
      void gone.then(memory.end);
      return { id, pid, pidNamespace: namespaceOf(pid), connection, memory, ended, interrupt: () => signal(pid, 'SIGINT'), kill };
    } catch (error) {
      this.births.get(id)?.kill?.();
      cleanUp();
      throw error;
    }
  }

  /** Ends the zygote and its kernels, those that are just being born too; nothing of them is left then. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    const births = [...this.births.values()];
    births.forEach(birth => birth.kill?.());
    const overdue = setTimeout(() => this.process.kill('SIGKILL'), END_MS);
    await Promise.all(births.map(birth => birth.gone));
    clearTimeout(overdue);
    this.process.kill('SIGKILL');
  }

  private bear(birth: Birth | undefined, pid: number, init: number): void {
    // Without walls the init outlives the kernel, to end what it started.
    const kill = (): void => signal(this.options.isolate ? init : pid, 'SIGKILL');
    if (birth) {
      birth.kill = kill;
      birth.onBorn({ pid, kill });
      if (this.isDisposed) {
        kill();
      }
    }
  }

  private hear(report: Report, onReady: () => void, onFailed: (why: string) => void): void {
    if (report.ready === true) {
      onReady();
    } else if (report.ready === false) {
      onFailed(`it lacks ${report.missing?.join(', ')}; install ipykernel there`);
    } else if (report.pid !== undefined) {
      this.bear(this.births.get(report.id!), report.pid, report.init!);
    } else if (report.exit !== undefined) {
      this.births.get(report.id!)?.onExit(report.exit, report.error);
    }
  }
}

interface Report {
  ready?: boolean;
  missing?: string[];
  id?: string;
  pid?: number;
  init?: number;
  exit?: number;
  error?: string;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

function namespaceOf(pid: number): string | null {
  try {
    return /\d+/.exec(readlinkSync(`/proc/${pid}/ns/pid`))?.[0] ?? null;
  } catch {
    return null; // not Linux, or gone already
  }
}
