import { mlflowKey } from './mlflow-key';

test('names MLflow would refuse become ones it takes', () => {
  expect(['SEED', 'Forest.n#2', 'f1 (macro)', '/a//b/..', 'größe', 'R²!', 'x'.repeat(300)].map(mlflowKey)).toEqual(['SEED', 'Forest.n_2', 'f1 _macro_', '_/a/_/b/_', 'größe', 'R²_', 'x'.repeat(250)]);
});
