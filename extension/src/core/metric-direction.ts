/** Metrics that are better when smaller, told by their names. */
const SMALLER_IS_BETTER = /loss|error|latency|(^|_)(mse|mae|rmse|mape|msle|deviance|brier|perplexity)($|_)/i;

/** A guess from the name alone, for colours and stars: nothing is decided by it. */
export function isSmallerBetter(metric: string): boolean {
  return SMALLER_IS_BETTER.test(metric);
}
