import { ModelGates } from '@slipway/schema';
import { comparedVersion, isImprovement, largestChanges, relativeChange } from './changes';

test('what is better the gates say first, the name second', () => {
  expect([isImprovement('accuracy', 0.1, null), isImprovement('accuracy', -0.1, null)]).toEqual([true, false]);
  expect([isImprovement('val_loss', 0.1, null), isImprovement('log_loss', -0.1, null)]).toEqual([false, true]);
  const gates = ModelGates.parse({ notWorseThanChampion: [{ metric: 'wait', direction: 'lower' }] });
  expect([isImprovement('wait', -1, gates), isImprovement('wait', -1, null), isImprovement('nodes', 24, null)]).toEqual([true, null, null]);
  expect([isImprovement('accuracy', 0, null), isImprovement('accuracy', null, null)]).toEqual([null, null]);
});

test('a change is told as a share of what was before', () => {
  expect(relativeChange({ champion: 100, change: -10 })).toBeCloseTo(-0.1);
  expect(relativeChange({ champion: -2, change: 1 })).toBeCloseTo(0.5);
  expect([relativeChange({ champion: 0.5, change: null }), relativeChange({ champion: 0, change: 3 }), relativeChange({ champion: 'NaN', change: null })]).toEqual([null, null, null]);
});

test('bars of one metric share a scale', () => {
  const slices = [{ metric: 'accuracy', change: -0.2 }, { metric: 'rmse', change: 40 }, { metric: 'accuracy', change: 0.1 }, { metric: 'rmse', change: null }];
  expect([...largestChanges(slices)]).toEqual([['accuracy', 0.2], ['rmse', 40]]);
});

test('a version is never compared with itself', () => {
  expect(comparedVersion('3', '2', null, ['3', '2', '1'])).toBe('2');
  expect(comparedVersion('3', '3', '1', ['3', '2', '1'])).toBe('1');
  expect(comparedVersion('3', '3', null, ['3', '2', '1'])).toBe('2');
  expect(comparedVersion('3', null, null, ['3', '2'])).toBe('2');
  expect(comparedVersion('1', null, null, ['1'])).toBeNull();
});
