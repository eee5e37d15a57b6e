/** Metrics that are better when smaller, told by their names. */
const SMALLER_IS_BETTER = /loss|error|(^|_)(mse|mae|rmse|mape|msle|deviance|brier|perplexity)($|_)/i;

/** Which of the values is best; none where all that are there are the same, or there is but one. */
export function bestOf(metric: string, values: readonly (number | null)[]): ReadonlySet<number> {
  const rivals = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (new Set(rivals).size < 2) {
    return new Set();
  }
  const best = SMALLER_IS_BETTER.test(metric) ? Math.min(...rivals) : Math.max(...rivals);
  return new Set(values.flatMap((value, index) => (value === best ? [index] : [])));
}
