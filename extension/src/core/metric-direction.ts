/** Metrics that are better when smaller, and when larger, told by their names. */
const SMALLER_IS_BETTER = /loss|error|latency|(^|_)(mse|mae|rmse|mape|msle|deviance|brier|perplexity)($|_)/i;
const LARGER_IS_BETTER = /accuracy|precision|recall|score|auc|(^|[_-])(f1|f2|r2|roc|kappa|mcc|iou|dice|bleu|ndcg|hits?)($|[_@-])/i;

/** A guess from the name alone, for colours and stars: nothing is decided by it. */
export function isSmallerBetter(metric: string): boolean {
  return SMALLER_IS_BETTER.test(metric);
}

/** Which way is better, as far as the name tells; null for `nodes` or `rows`. */
export function betterByName(metric: string): 'higher' | 'lower' | null {
  return isSmallerBetter(metric) ? 'lower' : LARGER_IS_BETTER.test(metric) ? 'higher' : null;
}
