import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The memory limit of one step. */
export interface MemoryLimit {
  /** True once the step hit the limit and was killed for it. */
  wasExceeded(): boolean;
  peakBytes(): number | null;
  /** What the processes hold now, without the files the system keeps at hand for them. */
  usedBytes(): number | null;
  end(): Promise<void>;
}

const WATCH_MS = 50;

/** A process tree whose memory can be limited. */
export interface MemoryGroup {
  limit(limitBytes: number): MemoryLimit;
  /** Without a limit, or after it; when the processes have ended. */
  end(): Promise<void>;
}

/**
 * Takes a process and all it will start into a group: a cgroup, v2 or v1,
 * where we may, else one that a watcher sums up. To be done while the kernel
 * is idle, for the system takes 10 ms and more to move a process.
 */
export async function groupOf(id: string, pid: number): Promise<MemoryGroup> {
  return (await inCgroup(id, pid)) ?? { limit: limitBytes => watched(pid, limitBytes), end: async () => undefined };
}

async function inCgroup(id: string, pid: number): Promise<MemoryGroup | null> {
  for (const version of [V2, V1]) {
    const parent = version.parent();
    if (parent === null) {
      continue;
    }
    const folder = join(parent, `slipway-${id}`);
    try {
      await mkdir(folder);
      if (!existsSync(join(folder, version.limit))) {
        await rmdir(folder);
        continue;
      }
      await writeFile(join(folder, 'cgroup.procs'), String(pid));
    } catch {
      await tryRemove(folder);
      continue;
    }
    const end = async (): Promise<void> => {
      for (let i = 0; i < 100 && !(await tryRemove(folder)); i++) {
        await sleep(20);
      }
    };
    return {
      limit(limitBytes) {
        writeFileSync(join(folder, version.limit), String(limitBytes));
        tryWrite(join(folder, version.swapLimit), version.swapValue(limitBytes));
        return { wasExceeded: () => version.kills(folder) > 0, peakBytes: () => Number(read(join(folder, version.peak))) || null, usedBytes: () => version.used(folder), end };
      },
      end
    };
  }
  return null;
}

const V1 = {
  parent: () => ownGroup(/^\d+:memory:(.*)$/m, '/sys/fs/cgroup/memory'),
  limit: 'memory.limit_in_bytes',
  swapLimit: 'memory.memsw.limit_in_bytes',
  swapValue: (limit: number) => String(limit),
  peak: 'memory.max_usage_in_bytes',
  used: (folder: string) => anonymousBytes(folder, /^total_rss (\d+)$/m),
  kills: (folder: string) => Number(/^oom_kill (\d+)$/m.exec(read(join(folder, 'memory.oom_control')) ?? '')?.[1] ?? 0)
};
const V2 = {
  parent: () => ownGroup(/^0::(.*)$/m, '/sys/fs/cgroup'),
  limit: 'memory.max',
  swapLimit: 'memory.swap.max',
  swapValue: () => '0',
  peak: 'memory.peak',
  used: (folder: string) => anonymousBytes(folder, /^anon (\d+)$/m),
  kills: (folder: string) => Number(/^oom_kill (\d+)$/m.exec(read(join(folder, 'memory.events')) ?? '')?.[1] ?? 0)
};

function anonymousBytes(folder: string, line: RegExp): number | null {
  const bytes = line.exec(read(join(folder, 'memory.stat')) ?? '')?.[1];
  return bytes === undefined ? null : Number(bytes);
}

/** The group this process is in, as a folder; null where the hierarchy is not mounted there. */
function ownGroup(line: RegExp, root: string): string | null {
  const path = line.exec(read('/proc/self/cgroup') ?? '')?.[1];
  const folder = path === undefined ? null : join(root, path);
  return folder !== null && existsSync(join(folder, 'cgroup.procs')) ? folder : null;
}

/** Sums PSS over the tree (a shared page counts once) and kills the root of the tree beyond the limit. */
function watched(pid: number, limitBytes: number): MemoryLimit {
  let isOver = false;
  let peak = 0;
  let now: number | null = null;
  const timer = setInterval(() => {
    const used = treeOf(pid).reduce((sum, p) => sum + pssBytes(p), 0);
    now = used;
    peak = Math.max(peak, used);
    if (used > limitBytes && !isOver) {
      isOver = true;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // ended by itself meanwhile
      }
    }
  }, WATCH_MS);
  return { wasExceeded: () => isOver, peakBytes: () => peak || null, usedBytes: () => now, end: async () => clearInterval(timer) };
}

function treeOf(root: number): number[] {
  const tree = [root];
  for (const pid of tree) {
    for (const task of list(`/proc/${pid}/task`)) {
      tree.push(...(read(`/proc/${pid}/task/${task}/children`) ?? '').split(' ').filter(Boolean).map(Number));
    }
  }
  return tree;
}

function pssBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0) * 1024;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function tryWrite(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch {
    // swap accounting is not everywhere
  }
}

async function tryRemove(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
}
