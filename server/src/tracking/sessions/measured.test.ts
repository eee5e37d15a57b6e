import { metricsOfExecution } from './measured';

const measured = (name: string, value: number, step = 0) => ({ name, value, step, line: 1, loop: {} });

test('a metric in a loop is one metric with steps, its last value the value', () => {
  const [loss, ...rest] = metricsOfExecution([measured('loss', 3), measured('loss', 2, 1), measured('loss', 1, 2)], {}, new Map());
  expect(rest).toEqual([]);
  expect(loss).toMatchObject({ value: 1, history: [{ value: 3 }, { value: 2 }, { value: 1 }] });
});

test('marks take a metric away and make a scalar one', () => {
  const marks = new Map([['acc', false], ['gain', true], ['label', true], ['absent', true]]);
  const found = metricsOfExecution([measured('acc', 0.9), measured('f1', 0.8)], { gain: 4, label: 'x', acc: 0.9 }, marks);
  expect(found.map(m => [m.name, m.value, m.isMarked])).toEqual([['f1', 0.8, false], ['gain', 4, true]]);
});

test('a NaN that was marked is a metric', () => {
  expect(metricsOfExecution([], { loss: 'NaN' }, new Map([['loss', true]]))).toHaveLength(1);
});
