import { bestOf } from './best';

test('the greatest value is best, of losses and errors the smallest; equal ones have no best', () => {
  expect([...bestOf('accuracy', [0.5, null, 0.9, NaN, 0.9])]).toEqual([2, 4]);
  expect([...bestOf('val_loss', [0.5, 0.1])]).toEqual([1]);
  expect([...bestOf('accuracy', [1, 1])]).toEqual([]);
  expect([...bestOf('accuracy', [1])]).toEqual([]);
});
