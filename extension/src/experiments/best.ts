import { isSmallerBetter } from '../core/metric-direction';

/** Which of the values is best; none where all that are there are the same, or there is but one. */
export function bestOf(metric: string, values: readonly (number | null)[]): ReadonlySet<number> {
  const rivals = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (new Set(rivals).size < 2) {
    return new Set();
  }
  const best = isSmallerBetter(metric) ? Math.min(...rivals) : Math.max(...rivals);
  return new Set(values.flatMap((value, index) => (value === best ? [index] : [])));
}
