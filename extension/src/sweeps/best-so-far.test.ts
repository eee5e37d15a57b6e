import { progressOf } from './best-so-far';

const trials = [3, null, 1, 2].map((value, number) => ({ number, value }));

test('the best only ever gets better, and trials without a value are no points', () => {
  expect(progressOf(trials, 'minimize')).toEqual({ numbers: [0, 2, 3], values: [3, 1, 2], best: [3, 1, 1] });
  expect(progressOf(trials, 'maximize').best).toEqual([3, 3, 3]);
});
