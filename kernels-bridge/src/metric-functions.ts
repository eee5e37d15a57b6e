/** What counts as a metric: read by the kernel's hook in Python and by the static analysis here. */
export interface MetricFunctions {
  /** Dotted modules whose callables measure. */
  modules: string[];
  /** Names of functions that measure, wherever they come from. */
  functions: string[];
  /** Names of methods that measure, e.g. `score`. */
  methods: string[];
  /** Functions and methods through which a number stays the same metric. */
  seeThrough: string[];
}

// One file for both languages; `require`, because it lies beside `src`, which TypeScript's rootDir excludes.
// eslint-disable-next-line @typescript-eslint/no-require-imports
export const metricFunctions = require('../python/slipway/metric_functions.json') as MetricFunctions;
