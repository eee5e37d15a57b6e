import type { StepOutcome, ToldRun } from './step-outcome';
import { childRunId, toldPlaces } from './told-runs';

function run(id: string, more: Partial<ToldRun> = {}): ToldRun {
  return { id, name: '', parentId: null, status: 'FINISHED', startedAt: 0, endedAt: 1, params: {}, tags: {}, metrics: {}, datasets: [], files: [], registered: [], ...more };
}
const step = (name: string, ...logged: ToldRun[]): { name: string; outcome: StepOutcome } => ({ name, outcome: { logged } as unknown as StepOutcome });

function placesOf(...steps: { name: string; outcome: StepOutcome | null }[]): Record<string, [string[], string[]]> {
  return Object.fromEntries([...toldPlaces(steps)].map(([name, { own, children }]) => [name, [own.map(o => o.id), children.map(c => c.id)]]));
}

test('the only run of a step is the pipeline’s, those within it are below; of several each is one of its own', () => {
  expect(placesOf(step('one', run('a'), run('b', { parentId: 'a' })), step('two', run('c'), run('d')), { name: 'none', outcome: null })).toEqual({ one: [['a'], ['b']], two: [[], ['c', 'd']], none: [[], []] });
});

test('each item of a map is a run of its own', () => {
  expect(placesOf(step('map', run('a', { item: 0 })))).toEqual({ map: [[], ['a']] });
});

test('a run that a later step goes on with is what it was, and what it opens within it lies below', () => {
  const first = step('first', run('a'), run('b', { parentId: 'a' }));
  expect(placesOf(first, step('later', run('a'), run('c')), step('last', run('d', { parentId: 'a' })), step('again', run('b')))).toEqual({ first: [['a'], ['b']], later: [['a'], ['c']], last: [[], ['d']], again: [[], ['b']] });
});

test('the id of a run below is no other’s: the same in one pipeline run, another in the next', () => {
  const ids = [childRunId('p', 'a'), childRunId('p', 'a'), childRunId('q', 'a'), childRunId('p', 'b')];
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
});
