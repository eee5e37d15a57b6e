import { mlflowKey } from './mlflow-key';

test('names MLflow would refuse become ones it takes', () => {
  expect(['SEED', 'Forest.n#2', 'f1 (macro)', '/a//b/..', 'größe', 'x'.repeat(300)].map(mlflowKey)).toEqual(['SEED', 'Forest.n_2', 'f1 _macro_', '_/a/_/b/_', 'gr__e', 'x'.repeat(250)]);
});
