import { codeHash } from '../code-hash';

const of = (sources: string[], ...params: string[]): string => codeHash(sources, new Set(params));

test('a param’s value, comments, spacing and the order of running do not matter; anything else does', () => {
  const first = of(['SEED = 1', 'm = Forest(n_estimators=5).fit(X)'], 'SEED', 'Forest.n_estimators');
  expect(of(['m = Forest( n_estimators = 50 ).fit(X)  # more', 'SEED = 2'], 'SEED', 'Forest.n_estimators')).toBe(first);
  expect(of(['SEED = 1', 'm = Forest(n_estimators=5).fit(Y)'], 'SEED', 'Forest.n_estimators')).not.toBe(first);
});

test('a literal that is no param is code', () => {
  expect(of(['SEED = 1'])).not.toBe(of(['SEED = 2']));
  expect(of(['SEED = 1'], 'SEED')).toBe(of(['SEED = 2'], 'SEED'));
  expect(of(['x ='], 'x')).not.toBe(of(['x = )'], 'x'));
});
