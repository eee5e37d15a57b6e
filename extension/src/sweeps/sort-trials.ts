import type { Scalar, SweepTrial } from '@slipway/schema';

/** What a table of trials is ordered by: a column of theirs, or `param NAME`. */
export type TrialOrder = { by: string; isDescending: boolean };

/** In order; trials without a value stand last, whichever way it goes. */
export function sortTrials(trials: readonly SweepTrial[], { by, isDescending }: TrialOrder): SweepTrial[] {
  return [...trials].sort((a, b) => {
    const [x, y] = [keyOf(a, by), keyOf(b, by)];
    if (x === null || y === null) {
      return x === y ? a.number - b.number : x === null ? 1 : -1;
    }
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return order === 0 ? a.number - b.number : isDescending ? -order : order;
  });
}

function keyOf(trial: SweepTrial, by: string): Scalar {
  if (by.startsWith('param ')) {
    return trial.params[by.slice('param '.length)] ?? null;
  }
  return trial[by as 'number' | 'state' | 'value' | 'durationMs'];
}
