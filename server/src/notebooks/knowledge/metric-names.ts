import { metricFunctions } from '@slipway/kernels-bridge';
import { words } from './methods';

const FUNCTIONS = new Set(metricFunctions.functions);
const METHODS = new Set(metricFunctions.methods);
const SEE_THROUGH = new Set([...metricFunctions.seeThrough, ...words('squeeze detach cpu format join str repr tail head to_string to_frame sort_values items values keys describe transpose copy list dict tuple sorted DataFrame Series array asarray append concat to_dict set_index reset_index rename T nanmean average percentile quantile')]);
/** Callables of metric modules that give no number of merit. */
const NO_METRICS = words('make_scorer get_scorer get_scorer_names roc_curve precision_recall_curve det_curve calibration_curve pairwise_distances euclidean_distances cosine_distances pairwise_kernels check_scoring linear_kernel rbf_kernel');
const REPORTS = words('classification_report confusion_matrix multilabel_confusion_matrix');
const OWN_NAMES = words('rmse mae mse mape smape rmsle wape r2 r2_score accuracy get_accuracy f1 f1_score precision recall auc roc_auc score_model perplexity bleu iou dice dice_score ndcg map_at_k');

/** The metric that a library's function measures, by its full name. */
export function metricOfFunction(fullName: string): { name: string; isNumber: boolean } | null {
  const name = fullName.slice(fullName.lastIndexOf('.') + 1);
  const isInModule = metricFunctions.modules.some(module => fullName.startsWith(`${module}.`));
  if (NO_METRICS.has(name) || /Display$|^plot_/.test(name)) {
    return null;
  }
  return isInModule || FUNCTIONS.has(name) || REPORTS.has(name) ? { name, isNumber: !REPORTS.has(name) } : null;
}

export function isMetricMethod(name: string): boolean {
  return METHODS.has(name);
}

/** Whether a number goes through a function or method and is the same metric after it. */
export function isSeenThrough(name: string): boolean {
  return SEE_THROUGH.has(name);
}

/** Whether a function that the notebook defines is called like a metric. */
export function isMetricName(name: string): boolean {
  return FUNCTIONS.has(name) || OWN_NAMES.has(name.replace(/^(compute|calc|calculate|get)_/, ''));
}
