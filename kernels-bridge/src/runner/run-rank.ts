import { appendFileSync, closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { rankPaths, type ParcelPaths } from '../parcel/parcel';
import { emptyResult } from '../step/run-step';
import type { StepResult, StepSpec } from '../step/spec';
import { GangBroken, type Gang } from './gang';

/** What of a step differs from rank to rank. */
export interface RankRun {
  step: Partial<StepSpec>;
  signal: AbortSignal;
  onReady?: () => Promise<void>;
}

const FOLLOW_MS = 500;
/** How long the others have to stop once one has failed. */
const STOP_MS = 10_000;

/** Runs one rank of a gang on an engine: none begins before all are there, and the first that fails ends all. Rank 0's result is the step's. */
export async function runRank({ gang, rank, ranks, main, signal, run }: { gang: Gang; rank: number; ranks: number; main: ParcelPaths; signal: AbortSignal; run: (of: RankRun) => Promise<StepResult> }): Promise<StepResult> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal.addEventListener('abort', onAbort);
  let broken: GangBroken | null = null;
  const unwatch = gang.watch(why => {
    broken = why;
    stop.abort();
  });
  const logs = rank === 0 ? followLogs(main, ranks) : null;
  try {
    const attemptEnv = await gang.gather(stop.signal);
    const gives = rank === 0 ? {} : { outputs: [], models: [], spread: [] };
    const result = await run({ step: { ...gives, attemptEnv }, signal: stop.signal, onReady: () => gang.begin(stop.signal) });
    if (rank === 0 && result.status === 'succeeded') {
      const peaks = [result, ...(await gang.ended(signal))].flatMap(r => r.peakMemoryBytes ?? []);
      return { ...result, peakMemoryBytes: peaks.length > 0 ? Math.max(...peaks) : null };
    }
    return blamed(result, rank, broken);
  } catch (error) {
    if (error instanceof GangBroken || stop.signal.aborted) {
      const cancelled = { code: 'cancelled' as const, message: 'The step was cancelled.', cellId: null, traceback: null, isRetryable: false };
      const own = error instanceof GangBroken ? error : broken;
      return blamed({ ...emptyResult(), status: 'cancelled', error: cancelled }, rank, own);
    }
    throw error;
  } finally {
    unwatch();
    signal.removeEventListener('abort', onAbort);
    if (rank === 0) {
      await gang.settled(STOP_MS);
    }
    logs?.end();
  }
}

/** The first rank tells why the gang failed; others that were stopped for it only say so. */
function blamed(result: StepResult, rank: number, broken: GangBroken | null): StepResult {
  if (rank === 0 && result.status === 'failed' && result.error) {
    return { ...result, error: { ...result.error, message: `Rank 0: ${result.error.message}` } };
  }
  return rank === 0 && broken ? { ...result, status: 'failed', error: broken.error } : result;
}

/** Puts whole lines of the other ranks' logs into the first one's, which alone is read. */
function followLogs(main: ParcelPaths, ranks: number): { end(): void } {
  const offsets = Array.from({ length: ranks }, () => 0);
  const look = (): void => {
    for (let rank = 1; rank < ranks; rank++) {
      const lines = wholeLines(rankPaths(main, rank).log, offsets[rank]!);
      if (lines.length > 0) {
        offsets[rank]! += lines.length;
        appendFileSync(main.log, lines);
      }
    }
  };
  const timer = setInterval(look, FOLLOW_MS);
  return {
    end(): void {
      clearInterval(timer);
      look();
    }
  };
}

function wholeLines(path: string, from: number): Buffer {
  if (!existsSync(path)) {
    return Buffer.alloc(0);
  }
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, Math.min(statSync(path).size - from, 2 ** 20)));
    const read = readSync(file, bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytes.subarray(0, read).lastIndexOf('\n') + 1);
  } finally {
    closeSync(file);
  }
}
