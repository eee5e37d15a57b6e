import { ModelGates } from '@slipway/schema';
import { comparedVersion, isImprovement, relativeChange } from './changes';

test('what is better the gates say first, the name second', () => {
  expect([isImprovement('accuracy', 0.1, null), isImprovement('accuracy', -0.1, null)]).toEqual([true, false]);
  expect([isImprovement('val_loss', 0.1, null), isImprovement('log_loss', -0.1, null)]).toEqual([false, true]);
  const gates = ModelGates.parse({ notWorseThanChampion: [{ metric: 'wait', direction: 'lower' }] });
  expect([isImprovement('wait', -1, gates), isImprovement('wait', -1, null)]).toEqual([true, false]);
  expect([isImprovement('accuracy', 0, null), isImprovement('accuracy', null, null)]).toEqual([null, null]);
});

test('changes of different units share a scale', () => {
  expect(relativeChange({ name: 'rmse', candidate: 90, champion: 100, change: -10 })).toBeCloseTo(-0.1);
  expect(relativeChange({ name: 'auc', candidate: 'NaN', champion: 0.5, change: null })).toBeNull();
  expect(relativeChange({ name: 'zero', candidate: 0, champion: 0, change: 0 })).toBeNull();
});

test('a version is never compared with itself', () => {
  expect(comparedVersion('3', '2', null, ['3', '2', '1'])).toBe('2');
  expect(comparedVersion('3', '3', '1', ['3', '2', '1'])).toBe('1');
  expect(comparedVersion('3', '3', null, ['3', '2', '1'])).toBe('2');
  expect(comparedVersion('3', null, null, ['3', '2'])).toBe('2');
  expect(comparedVersion('1', null, null, ['1'])).toBeNull();
});
