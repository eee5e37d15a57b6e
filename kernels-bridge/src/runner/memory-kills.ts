import { readFileSync } from 'node:fs';

/**
 * How often the system killed something for want of memory in the group an
 * engine put us in. A container whose child was killed goes on as if nothing
 * had been, so nobody else tells.
 */
export function memoryKills(): number {
  const groups = read('/proc/self/cgroup');
  const v2 = /^0::(.*)$/m.exec(groups)?.[1] ?? '';
  const v1 = /^\d+:memory:(.*)$/m.exec(groups)?.[1] ?? '';
  const found = [`/sys/fs/cgroup${v2}/memory.events`, '/sys/fs/cgroup/memory.events', `/sys/fs/cgroup/memory${v1}/memory.oom_control`, '/sys/fs/cgroup/memory/memory.oom_control'];
  const counts = found.map(file => /^oom_kill (\d+)$/m.exec(read(file))?.[1]).filter(count => count !== undefined);
  return Number(counts[0] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
