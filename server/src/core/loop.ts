import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './log';

export type Loop = ReturnType<typeof createLoop>;

/**
 * Does `work` again and again, one after the other: every `everyMs`, and at once when poked, but no sooner than
 * `restMs` after the last. What it throws is logged, and it goes on.
 */
export function createLoop(deps: { work: () => Promise<void>; everyMs: number; restMs?: number; log: Log; what: string; isExpected?: (err: unknown) => boolean }) {
  let isStopped = false;
  let isWanted = false;
  let wake: () => void = () => undefined;
  let running: Promise<void> | undefined;

  const pause = (): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, deps.everyMs);
      wake = () => (clearTimeout(timer), resolve());
    });

  async function run(): Promise<void> {
    while (!isStopped) {
      isWanted = false;
      try {
        await deps.work();
      } catch (err) {
        deps.log[deps.isExpected?.(err) ? 'warn' : 'error']({ err }, `${deps.what} failed; trying again`);
      }
      if (deps.restMs !== undefined && !isStopped) {
        await sleep(deps.restMs);
      }
      if (!isWanted) {
        await pause();
      }
    }
  }

  const poke = (): void => {
    isWanted = true;
    wake();
  };

  return {
    start: (): void => void (running = run()),
    poke,
    async stop(): Promise<void> {
      isStopped = true;
      poke();
      await running;
    }
  };
}
