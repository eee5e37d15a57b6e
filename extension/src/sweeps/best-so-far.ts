import type { Sweep, SweepTrial } from '@slipway/schema';

export interface Progress {
  /** Trials that ended with a value, in the order they were asked. */
  numbers: number[];
  values: number[];
  /** The best up to and with each. */
  best: number[];
}

/** How the best value came about, trial by trial. */
export function progressOf(trials: readonly Pick<SweepTrial, 'number' | 'value'>[], direction: Sweep['objective']['direction']): Progress {
  const progress: Progress = { numbers: [], values: [], best: [] };
  for (const { number, value } of trials) {
    if (value !== null) {
      const before = progress.best.at(-1) ?? value;
      progress.numbers.push(number);
      progress.values.push(value);
      progress.best.push(direction === 'minimize' ? Math.min(before, value) : Math.max(before, value));
    }
  }
  return progress;
}
