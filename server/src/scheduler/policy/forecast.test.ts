import { HOUR, job, node, state } from './fixtures';
import { forecast } from './forecast';

const crowd = Array.from({ length: 50 }, (_, i) => job({ submittedAt: i, demand: { gpus: 1 } }));
const twoGpus = state({ nodes: [node({ gpus: 2 })] });

test('who starts next comes first, with when; what cannot start is not among them', () => {
  const never = job({ demand: { gpus: 3 } });
  const expected = forecast(twoGpus, [...crowd, never], 100);
  expect([...expected.keys()]).toEqual(crowd.map(j => j.id));
  expect([...expected.values()].slice(0, 4).map(e => [e.position, Math.floor((e.startsAt - 100) / HOUR)])).toEqual([[1, 0], [2, 0], [3, 1], [4, 1]]);
});

test('out of time, it has told of those that start first at least', () => {
  expect(forecast(twoGpus, crowd, 100, { rounds: 300, budgetMs: 0 }).size).toBe(2);
  expect(forecast(twoGpus, crowd, 100, { rounds: 3, budgetMs: Infinity }).size).toBe(6);
});
