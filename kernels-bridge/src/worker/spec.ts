import type { Readable, Writable } from 'node:stream';

/** A Python process that lives long and runs what we do not trust: a served model, with whatever its pickle brings. */
export interface WorkerSpec {
  /** Names the worker in logs. Letters, digits, `-`. */
  id: string;
  /** Interpreter, e.g. a kernel's own. */
  python: string;
  /** Script and its arguments; the script's folder is visible to the worker. */
  args: string[];
  /** The one folder the worker may write to: its current directory, home and temporary folder. Made and removed by the caller. */
  scratch: string;
  /** Folders the worker sees although they lie below a hidden one; never written. */
  readOnly: string[];
  /** Added to a bare environment (PATH and language); never holds a secret of ours. */
  env: Record<string, string>;
  memoryBytes: number;
}

/** How a worker ended; it was ours to end it where `reason` says so. */
export interface WorkerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  reason: 'exited' | 'killed' | 'out_of_memory';
  /** The end of what it wrote to stderr. */
  stderr: string;
}

export interface WorkerProcess {
  /** Pid in the host's namespace; ending it ends everything the worker started. */
  pid: number;
  stdin: Writable;
  stdout: Readable;
  exited: Promise<WorkerExit>;
  kill(): void;
}

export interface WorkerSandbox {
  kind: 'bubblewrap' | 'none';
  /** Slipway's home, sockets and the like: empty folders to the worker. */
  hiddenPaths: readonly string[];
}
