import { readFile, readdir } from 'node:fs/promises';

/**
 * Bytes held by a process and everything below it, shared pages split among
 * those that share them. 0 where there is no /proc, or the process is gone.
 */
export async function treeMemoryBytes(pid: number): Promise<number> {
  const children = await childrenOf(pid);
  const below = await Promise.all(children.map(treeMemoryBytes));
  return below.reduce((sum, bytes) => sum + bytes, await ownBytes(pid));
}

async function ownBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(threads.map(thread => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')));
  return lists.flatMap(list => list.split(' ').filter(Boolean).map(Number));
}
