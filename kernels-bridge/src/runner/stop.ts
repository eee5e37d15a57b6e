import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { warnProcesses } from '../kernels/warn-processes';
import { ALIVE_MS, type ParcelOutcome, type ParcelPaths } from '../parcel/parcel';

export interface StopWatch {
  signal: AbortSignal;
  stoppedBy(): ParcelOutcome['stoppedBy'];
  /** The step's process is there: it is warned before the engine's signal stops it. */
  started(pid: number): void;
  end(): void;
}

/** What an engine leaves between its signal and the end is 30 s by default (Slurm's KillWait, Kubernetes' grace period); the rest is for the results. */
const GRACE_MS = 15_000;

/** Stops the step when the daemon asks for it (a file in the parcel) or the engine does (a signal); shows meanwhile that the runner lives. */
export function watchForStop(paths: ParcelPaths): StopWatch {
  const controller = new AbortController();
  let stoppedBy: ParcelOutcome['stoppedBy'] = null;
  const stop = (by: 'signal' | 'request'): void => {
    stoppedBy ??= by;
    controller.abort();
  };
  let pid: number | null = null;
  const warned = (): Promise<number> => (pid === null ? Promise.resolve(0) : warnProcesses(pid));
  const onSignal = (): void => {
    if (existsSync(paths.cancel)) {
      return stop('request');
    }
    void warned().then(told => setTimeout(() => stop('signal'), told > 0 ? GRACE_MS : 0));
  };
  const timer = setInterval(() => {
    const now = new Date();
    utimesSync(paths.alive, now, now);
    if (existsSync(paths.cancel)) {
      stop('request');
    }
  }, ALIVE_MS);
  writeFileSync(paths.alive, '');
  (['SIGTERM', 'SIGINT'] as const).forEach(name => process.on(name, onSignal));
  process.on('SIGUSR1', () => void warned()); // of an engine that warns by itself, before it stops
  return { signal: controller.signal, stoppedBy: () => stoppedBy, started: started => (pid = started), end: () => clearInterval(timer) };
}
