import { trialParams } from './trial-params';

test('autolog’s bare argument goes into our name for it where both say the same', () => {
  expect(trialParams({ 'RandomForestClassifier.n_estimators': 200, SEED: 7 }, { n_estimators: '200', max_depth: 'None' })).toEqual({
    'RandomForestClassifier.n_estimators': 200,
    SEED: 7,
    max_depth: 'None'
  });
});

test.each([
  [0.00001, '1e-05'],
  [1, '1.0'],
  [true, 'True'],
  [null, 'None'],
  ['gini', 'gini']
])('%p is the %s of Python', (value, text) => {
  expect(trialParams({ 'C.x': value }, { x: text })).toEqual({ 'C.x': value });
});

test('another value, two of our names, or a name of its own: both are shown', () => {
  expect(trialParams({ 'C.x': 1 }, { x: '2' })).toEqual({ 'C.x': 1, x: '2' });
  expect(trialParams({ 'C.x': 1, 'D.x': 1 }, { x: '1' })).toEqual({ 'C.x': 1, 'D.x': 1, x: '1' });
  expect(trialParams({ 'C.x': 1, 'C.x#2': 3 }, { x: '1' })).toEqual({ 'C.x': 1, 'C.x#2': 3, x: '1' });
  expect(trialParams({ y: 1 }, { x: '1' })).toEqual({ y: 1, x: '1' });
  expect(trialParams({ x: 1 }, { x: '1' })).toEqual({ x: 1 });
});
