import { HookRecord, type CellExecuted } from '@slipway/schema';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '../../..');
export const HOOK_PATH = join(ROOT, 'kernels-bridge/python');
/** The environment that `npm start` makes, or one of the tester's own. */
export const PYTHON = process.env.SLIPWAY_PYTHON ?? join(ROOT, '.venv/bin/python');

export interface TestCell {
  id: string;
  source: string;
}

export interface TestKernel {
  home: string;
  folder: string;
  pid: number;
  /** Sends the cells at once, as Run All does. */
  run(...cells: (TestCell | string)[]): Promise<{ replies: { status: string; ename: string | null }[]; output: string }>;
  /** The records of the spool file, once `count` cells have ended. */
  executed(count: number): Promise<CellExecuted[]>;
  records(): HookRecord[];
  ask(command: object): Promise<Record<string, unknown>>;
  shutdown(): Promise<void>;
  kill(): Promise<void>;
}

const drivers = new Set<ChildProcessWithoutNullStreams>();

/** Ends the kernels a failed test left: a kernel whose parent is gone ends itself. */
export function endKernels(): void {
  drivers.forEach(driver => driver.kill('SIGKILL'));
}

/** A real kernel with the hook, its home and notebook folder fresh. */
export async function startKernel(options: { hook?: 'extension' | 'inline'; home?: string; notebook?: string; daemonUrl?: string; env?: Record<string, string> } = {}): Promise<TestKernel> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'slipway-home-'));
  const folder = mkdtempSync(join(tmpdir(), 'slipway-nb-'));
  if (options.daemonUrl !== undefined) {
    writeFileSync(join(home, 'daemon.json'), JSON.stringify({ url: options.daemonUrl, pid: process.pid }));
  }
  const hook = options.hook ?? 'extension';
  const child = spawn(PYTHON, [join(__dirname, 'driver.py')], {
    cwd: folder,
    env: {
      ...process.env,
      SLIPWAY_HOME: home,
      IPYTHONDIR: join(home, 'ipython'),
      JPY_SESSION_NAME: join(folder, options.notebook ?? 'demo.ipynb'),
      HOOK_PATH,
      ...(hook === 'extension' && { PYTHONPATH: HOOK_PATH }),
      ...options.env
    },
    stdio: ['pipe', 'pipe', 'pipe']
  });
  drivers.add(child);
  child.on('exit', () => drivers.delete(child));
  const ask = asker(child);
  const before = new Set(spoolFiles(home));
  const { pid } = (await ask({ do: 'start', hook })) as { pid: number };
  const records = (): HookRecord[] => {
    const fresh = spoolFiles(home).filter(name => !before.has(name));
    const own = fresh.find(name => readFileSync(join(home, 'spool', name), 'utf8').includes(`"pid":${pid},`)) ?? fresh[0];
    const text = own === undefined ? '' : readFileSync(join(home, 'spool', own), 'utf8');
    return text.split('\n').filter(Boolean).map(line => HookRecord.parse(JSON.parse(line)));
  };
  const executed = async (count: number): Promise<CellExecuted[]> => {
    for (let i = 0; i < 200; i++) {
      const found = records().filter(r => r.type === 'cell_executed');
      if (found.length >= count) return found;
      await sleep(50);
    }
    throw new Error(`Fewer than ${count} cells were recorded.`);
  };
  return {
    home,
    folder,
    pid,
    ask,
    records,
    executed,
    run: async (...cells) => (await ask({ do: 'run', cells: cells.map((c, i) => (typeof c === 'string' ? { id: `cell-${i}`, source: c } : c)) })) as never,
    shutdown: async () => {
      await ask({ do: 'shutdown' });
      child.stdin.end();
    },
    kill: async () => {
      await ask({ do: 'kill' });
      child.stdin.end();
    }
  };
}

function spoolFiles(home: string): string[] {
  const folder = join(home, 'spool');
  return existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.jsonl')) : [];
}

function asker(child: ChildProcessWithoutNullStreams): (command: object) => Promise<Record<string, unknown>> {
  const waiting: ((line: string | undefined) => void)[] = [];
  let stderr = '';
  child.stderr.on('data', chunk => (stderr += String(chunk)));
  createInterface({ input: child.stdout }).on('line', line => waiting.shift()?.(line));
  child.on('exit', () => waiting.splice(0).forEach(resolve => resolve(undefined)));
  return async command => {
    const line = await new Promise<string | undefined>(resolve => {
      waiting.push(resolve);
      child.stdin.write(`${JSON.stringify(command)}\n`);
    });
    const answer = line === undefined ? { error: `the driver ended: ${stderr}` } : (JSON.parse(line) as Record<string, unknown>);
    if (typeof answer.error === 'string') {
      throw new Error(answer.error);
    }
    return answer;
  };
}
