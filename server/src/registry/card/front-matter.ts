import type { CardLabels, ModelVersion, VersionMaking } from '@slipway/schema';
import { stringify } from 'yaml';
import type { Known } from './known';

/** Hugging Face's `library_name` by MLflow's flavor, the most telling first. */
const LIBRARIES: readonly [flavor: string, library: string][] = [
  ['transformers', 'transformers'],
  ['sentence_transformers', 'sentence-transformers'],
  ['keras', 'keras'],
  ['tensorflow', 'keras'],
  ['pytorch', 'pytorch'],
  ['onnx', 'onnx'],
  ['spacy', 'spacy'],
  ['fastai', 'fastai'],
  ['xgboost', 'xgboost'],
  ['lightgbm', 'lightgbm'],
  ['catboost', 'catboost'],
  ['sklearn', 'sklearn']
];
const OF_CLASSES = /(^|[^a-z])(accuracy|balanced_accuracy|f1|precision|recall|roc_auc|auc|log_loss|mcc|kappa)([^a-z]|$)/i;
const OF_NUMBERS = /(^|[^a-z])(r2|rmse|mse|mae|mape|rmsle|medae)([^a-z]|$)|(squared|absolute|percentage)_error/i;

/**
 * Hugging Face's front-matter, with `model-index`: one result for all data and
 * one for each slice (as the dataset's `config` and `args`).
 * https://github.com/huggingface/hub-docs/blob/main/modelcard.md
 */
export function frontMatter(known: Known, labels: CardLabels): string {
  const { version } = known;
  const library = LIBRARIES.find(([flavor]) => version.flavors.includes(flavor))?.[1];
  const task = labels.task ?? guessTask(version);
  const results = resultsOf(version, { type: task ?? 'other' }, datasetOf(known.making));
  const matter = {
    ...(labels.language.length > 0 && { language: labels.language }),
    ...(labels.license !== null && { license: labels.license }),
    ...(library !== undefined && { library_name: library }),
    ...(task !== null && { pipeline_tag: task }),
    tags: [...new Set(['mlflow', 'slipway', ...version.flavors.filter(f => f !== 'python_function'), ...labels.tags])],
    model_name: version.name,
    // Hugging Face reads an index without results as a fault.
    ...(results.length > 0 && { 'model-index': [{ name: version.name, results }] })
  };
  return `---\n${stringify(matter, { lineWidth: 0, aliasDuplicateObjects: false })}---\n`;
}

/** From what it was measured by; null where that tells nothing. */
export function guessTask({ metrics, slices }: Pick<ModelVersion, 'metrics' | 'slices'>): string | null {
  const names = [...Object.keys(metrics), ...slices.map(s => s.metric)];
  return names.some(n => OF_CLASSES.test(n)) ? 'tabular-classification' : names.some(n => OF_NUMBERS.test(n)) ? 'tabular-regression' : null;
}

interface Dataset {
  type: string;
  name: string;
  revision?: string;
}

function resultsOf({ metrics, slices }: ModelVersion, task: { type: string }, dataset: Dataset) {
  const whole = Object.entries(metrics).flatMap(([name, value]) => metricOf(name, value));
  const parts = new Map<string, { column: string; value: string; metrics: ReturnType<typeof metricOf> }>();
  for (const { metric, column, slices: values } of slices) {
    for (const { value, metric: number } of values) {
      const part = parts.get(`${column}=${value}`) ?? { column, value, metrics: [] };
      part.metrics.push(...metricOf(metric, number));
      parts.set(`${column}=${value}`, part);
    }
  }
  return [
    { task, dataset, metrics: whole },
    ...[...parts].map(([config, part]) => ({ task, dataset: { ...dataset, name: `${dataset.name} (${part.column}: ${part.value})`, config, args: { [part.column]: part.value } }, metrics: part.metrics }))
  ].filter(result => result.metrics.length > 0);
}

/** NaN is a value of YAML's and none of a leaderboard's. */
function metricOf(name: string, value: number | string): { type: string; name: string; value: number }[] {
  return typeof value === 'number' ? [{ type: name.split('/').at(-1)!, name, value }] : [];
}

/** The data by the name of its first file. */
function datasetOf({ data }: VersionMaking): Dataset {
  const [first] = data;
  const name = first?.path.split('/').at(-1) ?? 'unknown';
  return { type: name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-'), name, ...(first?.digest && { revision: first.digest }) };
}
