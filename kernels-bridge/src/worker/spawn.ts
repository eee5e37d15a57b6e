import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { workerCommand, workerEnvironment } from './command';
import { treeMemoryBytes } from './memory';
import type { WorkerExit, WorkerProcess, WorkerSandbox, WorkerSpec } from './spec';

/** How often a worker's memory is looked at; what grows faster than this meets the machine's own limit. */
const LOOK_MS = 500;
const KEPT_STDERR = 8_000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Starts a worker in the sandbox; what it says on stdout is the caller's to read.
 *
 * @throws when the program cannot be started at all
 */
export async function spawnWorker(spec: WorkerSpec, sandbox: WorkerSandbox): Promise<WorkerProcess> {
  const [program, ...args] = workerCommand(spec, sandbox);
  const child = spawn(program, args, {
    cwd: spec.scratch,
    env: workerEnvironment(spec),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: sandbox.kind === 'none' // a group of its own, so that its children end with it
  });
  await new Promise<void>((started, failed) => child.once('spawn', started).once('error', failed));
  // A worker that dies while being written to is told of by `exited`.
  child.stdin.on('error', () => undefined);
  let reason: WorkerExit['reason'] = 'exited';
  const end = (why: WorkerExit['reason']): void => {
    reason = reason === 'exited' ? why : reason;
    killAll(child, sandbox);
  };
  const watch = setInterval(() => void treeMemoryBytes(child.pid!).then(bytes => bytes > spec.memoryBytes && end('out_of_memory')), LOOK_MS);
  watch.unref();
  const stderr = keepTail(child.stderr);
  const exited = new Promise<WorkerExit>(resolve =>
    child.once('close', (code, signal) => {
      clearInterval(watch);
      resolve({ code, signal, reason, stderr: stderr() });
    })
  );
  return { pid: child.pid!, stdin: child.stdin, stdout: child.stdout, exited, kill: () => end('killed') };
}

/** With bubblewrap the pid namespace goes with its first process; without, the process group has to do. */
function killAll(child: Child, sandbox: WorkerSandbox): void {
  try {
    process.kill(sandbox.kind === 'none' ? -child.pid! : child.pid!, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

function keepTail(stream: Readable): () => string {
  let tail = '';
  stream.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-KEPT_STDERR)));
  return () => tail;
}
