import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestNotebook {
  folder: string;
  path: string;
  /** As an editor holds it. */
  json: { nbformat: 4; nbformat_minor: number; metadata: object; cells: { id: string; cell_type: string; source: string; metadata: object; outputs?: unknown[]; execution_count?: null }[] };
}

/** A notebook in a folder of its own; cells are `id: source`. */
export function notebook(cells: Record<string, string>, files: Record<string, string> = {}, kernel = 'python3'): TestNotebook {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-notebook-'));
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
  const path = join(folder, 'notebook.ipynb');
  const json: TestNotebook['json'] = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: kernel, display_name: 'Python 3', language: 'python' }, language_info: { name: 'python' } },
    cells: Object.entries(cells).map(([id, source]) => ({ id, cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }))
  };
  writeFileSync(path, JSON.stringify(json));
  return { folder, path, json };
}

/** Loads a table, trains on it, saves the model and prints its accuracy. */
export const CLASSIFIER: Record<string, string> = {
  setup: 'import pandas as pd\nimport joblib\nfrom sklearn.datasets import load_iris\nfrom sklearn.ensemble import RandomForestClassifier\nfrom sklearn.metrics import accuracy_score\nfrom sklearn.model_selection import train_test_split',
  constants: 'SEED = 7\nTREES = 5',
  load: "iris = load_iris(as_frame=True)\ndf = pd.read_csv('extra.csv')\ndata = iris.frame.copy()",
  look: 'data.describe()',
  split: "X_train, X_test, y_train, y_test = train_test_split(data.drop(columns='target'), data['target'], test_size=0.4, random_state=SEED)",
  train: 'model = RandomForestClassifier(n_estimators=TREES, random_state=SEED)\nmodel.fit(X_train, y_train)',
  score: 'weight = df.w.sum()\naccuracy = accuracy_score(y_test, model.predict(X_test)) * weight\nprint("accuracy", accuracy)',
  save: "joblib.dump(model, 'model.joblib')"
};
export const CLASSIFIER_FILES = { 'extra.csv': 'w\n0.25\n0.75\n' };
