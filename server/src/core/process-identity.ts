import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tells one process from another that got the same pid later: boot id and
 * start time (clock ticks since boot, field 22 of /proc/PID/stat). null where
 * there is no such process or no /proc.
 */
export function processIdentity(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name may hold spaces and brackets: fields count from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

/** Ends that very process if it still lives, and waits until it is gone; another process with its pid is left alone. */
export async function endLeftover(pid: number, identity: string): Promise<void> {
  for (let i = 0; i < 100 && processIdentity(pid) === identity; i++) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return;
    }
    await sleep(20);
  }
}
