import type { MetricColumn, RunColumns } from '@slipway/schema';

/** Params and metrics of a table, in their order. */
export interface ColumnChoice {
  params: string[];
  metrics: MetricColumn[];
}

const MOST_PARAMS = 4;
const MOST_METRICS = 4;
const SEED = /(^|[._ ])(seed|random_state|random_seed|rng)$/i;

/** What to show where nothing was chosen: params that tell the runs apart, and the first metrics. */
export function defaultColumns({ params, metrics }: RunColumns): ColumnChoice {
  const varying = params.filter(param => param.isVarying);
  const own = metrics.filter(metric => !isOfMachine(metric.key));
  return {
    params: (varying.length > 0 ? varying : params).slice(0, MOST_PARAMS).map(param => param.key),
    metrics: own.slice(0, MOST_METRICS).map(metric => ({ key: metric.key, aggregate: 'last' }))
  };
}

/** Metrics of the machine a run ran on, as MLflow calls them. */
export function isOfMachine(key: string): boolean {
  return key.startsWith('system/');
}

/** Params that repeats of one trial differ in. */
export function seedsAmong(params: readonly string[]): string[] {
  return params.filter(key => SEED.test(key));
}
