import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { ALIVE_MS, type ParcelOutcome, type ParcelPaths } from '../parcel/parcel';

interface StopWatch {
  signal: AbortSignal;
  stoppedBy(): ParcelOutcome['stoppedBy'];
  end(): void;
}

/** Stops the step when the daemon asks for it (a file in the parcel) or the engine does (a signal); shows meanwhile that the runner lives. */
export function watchForStop(paths: ParcelPaths): StopWatch {
  const controller = new AbortController();
  let stoppedBy: ParcelOutcome['stoppedBy'] = null;
  const stop = (by: 'signal' | 'request'): void => {
    stoppedBy ??= by;
    controller.abort();
  };
  const onSignal = (): void => stop(existsSync(paths.cancel) ? 'request' : 'signal');
  const timer = setInterval(() => {
    const now = new Date();
    utimesSync(paths.alive, now, now);
    if (existsSync(paths.cancel)) {
      stop('request');
    }
  }, ALIVE_MS);
  writeFileSync(paths.alive, '');
  (['SIGTERM', 'SIGINT'] as const).forEach(name => process.on(name, onSignal));
  return { signal: controller.signal, stoppedBy: () => stoppedBy, end: () => clearInterval(timer) };
}
