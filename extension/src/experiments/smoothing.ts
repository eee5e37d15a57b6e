/**
 * Exponential moving average without the pull towards zero at the start
 * (TensorBoard's): `weight` 0 leaves the values as they are, towards 1 smooths
 * more. Gaps stay gaps.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let mean = 0;
  let share = 0;
  return values.map(value => {
    if (value === null || !Number.isFinite(value) || weight <= 0) {
      return value;
    }
    mean = mean * weight + value * (1 - weight);
    share = share * weight + (1 - weight);
    return mean / share;
  });
}
