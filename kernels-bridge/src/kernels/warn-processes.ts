import { readFile, readdir } from 'node:fs/promises';

const SIGUSR1_BIT = 1n << 9n; // signal 10, counted from 1

/**
 * Sends SIGUSR1 to those processes of a job that have a handler for it, so that
 * they write their checkpoint; it would kill the others. Gives how many there
 * are: nobody need be waited for when none.
 */
export async function warnProcesses(rootPid: number): Promise<number> {
  let told = 0;
  for (const pid of await treeOf(rootPid)) {
    if (await catchesSignal(pid)) {
      try {
        process.kill(pid, 'SIGUSR1');
        told += 1;
      } catch {
        // ended meanwhile
      }
    }
  }
  return told;
}

async function catchesSignal(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(status)?.[1];
  return caught !== undefined && (BigInt(`0x${caught}`) & SIGUSR1_BIT) !== 0n;
}

async function treeOf(root: number): Promise<number[]> {
  const tree = [root];
  for (const pid of tree) {
    for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const children = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
      tree.push(...children.split(' ').filter(Boolean).map(Number));
    }
  }
  return tree;
}
