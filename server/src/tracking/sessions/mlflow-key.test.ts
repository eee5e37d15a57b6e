import { checkKey } from '../limits';
import { mlflowKey, underMlflowKeys } from './mlflow-key';

test.each([
  ['RandomForestClassifier.n_estimators#2', 'RandomForestClassifier.n_estimators 2'],
  ['größe', 'größe'],
  ['cfg.lr', 'cfg.lr'],
  ['../a//b', 'a/b'],
  ['精度 (%)', '精度 ___'],
  ['', '_']
])('%p is kept as %p, which MLflow takes', (name, key) => {
  expect(mlflowKey(name)).toBe(key);
  expect(() => checkKey('metric', key)).not.toThrow();
});

test('of two names with one key the first counts', () => {
  expect(underMlflowKeys([['a#b', 1], ['a_b', 2]])).toEqual({ a_b: 1 });
});
