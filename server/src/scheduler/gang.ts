import { createRankLog, freePort, type StepObserver, type StepResult, type StepSpec } from '@slipway/kernels-bridge';
import type { JobOutcome, StepRunner } from './executor';

/**
 * Runs the same cells in `ranks` processes on this machine, as `torchrun` would
 * start them: each knows its `RANK` of `WORLD_SIZE` and where rank 0 listens
 * (`MASTER_ADDR`, `MASTER_PORT`). No cell begins before all are there, and the
 * first that fails ends all. Rank 0's results are the step's.
 */
export async function runGang(runtime: StepRunner, spec: StepSpec, ranks: number, { signal, observer }: { signal: AbortSignal; observer: StepObserver }): Promise<JobOutcome> {
  const port = await freePort('127.0.0.1');
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const ready = createBarrier(ranks);
  let firstFailed: { rank: number; result: StepResult } | null = null;

  async function runRank(rank: number): Promise<StepResult> {
    const log = createRankLog(rank, text => observer.onLog?.(text));
    const heard: StepObserver = { ...(rank === 0 && observer), onStarted: observer.onStarted, onLog: log.write, onReady: ready };
    const result = await runtime.runStep(specOfRank(spec, rank, ranks, port), { signal: stop.signal, observer: heard });
    log.end();
    if (result.status !== 'succeeded') {
      firstFailed ??= { rank, result };
      stop.abort('another rank failed');
    }
    return result;
  }

  try {
    if (signal.aborted) {
      onAbort();
    }
    const results = await Promise.all(Array.from({ length: ranks }, (_, rank) => runRank(rank)));
    return together(results, firstFailed);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** What one process of the gang is told: all take the same, one gives. */
function specOfRank(spec: StepSpec, rank: number, ranks: number, port: number): StepSpec {
  const each = spec.gpus.length / ranks;
  const attemptEnv = {
    ...spec.attemptEnv,
    MASTER_ADDR: '127.0.0.1',
    MASTER_PORT: String(port),
    RANK: String(rank),
    LOCAL_RANK: String(rank),
    WORLD_SIZE: String(ranks),
    LOCAL_WORLD_SIZE: String(ranks)
  };
  const gives = rank === 0 ? {} : { outputs: [], models: [], spread: [] };
  return { ...spec, ...gives, id: `${spec.id}-r${rank}`, gpus: spec.gpus.slice(rank * each, (rank + 1) * each), attemptEnv };
}

function together(results: readonly StepResult[], failed: { rank: number; result: StepResult } | null): JobOutcome {
  const peaks = results.flatMap(r => r.peakMemoryBytes ?? []);
  const result = { ...results[0]!, peakMemoryBytes: peaks.length > 0 ? Math.max(...peaks) : null };
  if (failed === null) {
    return { status: 'succeeded', result };
  }
  const { status, error } = failed.result;
  const named = error && status === 'failed' ? { ...error, message: `Rank ${failed.rank} of ${results.length}: ${error.message}` } : error;
  return { status, ...(named && { error: named }), result: { ...result, status } };
}

/** Gives a function whose promise resolves once it was called `count` times. */
function createBarrier(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const opened = new Promise<void>(resolve => (open = resolve));
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === count) {
      open();
    }
    return opened;
  };
}
