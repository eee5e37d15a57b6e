import { ModelGates } from '@slipway/schema';
import type { z } from 'zod';
import { judge, verdictOf, type Facts } from './rules';

const gates = (more: z.input<typeof ModelGates>): ModelGates => ModelGates.parse(more);
const facts = (metrics: Record<string, number> = {}, more: Partial<Facts> = {}): Facts => ({ metrics: new Map(Object.entries(metrics)), tags: new Map(), runTags: new Map(), sizeBytes: null, hasSignature: false, latency: null, ...more });
const champion = (metrics: Record<string, number>) => ({ version: '3', metrics: new Map(Object.entries(metrics)) });

test.each([
  ['>=', 0.9, true],
  ['>', 0.9, false],
  ['<=', 0.9, true],
  ['<', 0.9, false]
] as const)('accuracy 0.9 %s %d: %s', (comparator, value, passed) => {
  expect(judge(gates({ thresholds: [{ metric: 'accuracy', comparator, value }] }), facts({ accuracy: 0.9 }), null)).toMatchObject([{ id: 'threshold:accuracy', rule: `accuracy ${comparator} 0.9`, value: 0.9, passed }]);
});

test('a metric that is missing or NaN passes no threshold', () => {
  const rules = gates({ thresholds: [{ metric: 'a', comparator: '<', value: 1 }, { metric: 'b', comparator: '<', value: 1 }] });
  expect(judge(rules, facts({ b: NaN }), null).map(r => [r.value, r.passed])).toEqual([[null, false], ['NaN', false]]);
});

test.each([
  ['higher', 0.9, 0.91, 0, false],
  ['higher', 0.9, 0.91, 0.02, true],
  ['higher', 0.95, 0.91, 0, true],
  ['lower', 0.3, 0.2, 0, false],
  ['lower', 0.3, 0.2, 0.1001, true],
  ['lower', 0.1, 0.2, 0, true],
  ['higher', NaN, 0.2, 0, false]
] as const)('%s is better: %d against %d with %d of tolerance passes: %s', (direction, mine, theirs, tolerance, passed) => {
  expect(judge(gates({ notWorseThanChampion: [{ metric: 'm', direction, tolerance }] }), facts({ m: mine }), champion({ m: theirs }))).toMatchObject([{ passed, champion: { version: '3', value: theirs } }]);
});

test('without a champion, or without its metric, there is nothing to be worse than', () => {
  const rules = gates({ notWorseThanChampion: [{ metric: 'm', direction: 'higher', tolerance: 0 }] });
  expect(judge(rules, facts({ m: 1 }), null)).toMatchObject([{ passed: true, champion: null, note: 'There is no champion yet.' }]);
  expect(judge(rules, facts({ m: 1 }), champion({}))).toMatchObject([{ passed: true, champion: { version: '3', value: null } }]);
  expect(judge(rules, facts(), null)).toMatchObject([{ passed: false }]);
});

test('tags and size', () => {
  const rules = gates({ requiredTags: [{ key: 'owner' }, { key: 'checked', value: 'yes' }], maxSizeBytes: 100 });
  expect(judge(rules, facts({}, { tags: new Map([['owner', ''], ['checked', 'no']]), sizeBytes: 100 }), null).map(r => [r.id, r.passed])).toEqual([['tag:owner', true], ['tag:checked', false], ['size', true]]);
  expect(judge(rules, facts({}, { sizeBytes: 101 }), null).map(r => r.passed)).toEqual([false, false, false]);
  expect(judge(rules, facts(), null).at(-1)).toMatchObject({ id: 'size', passed: false, value: null });
});

const measured = (p95Ms: number) => ({ state: 'measured' as const, evidence: { requests: 50, input: 'example' as const, p50Ms: 1, p95Ms, maxMs: 9, machine: { cpu: 'x', cores: 1, memoryBytes: 1, load: 0 }, measuredAt: '2026-01-01T00:00:00.000Z' } });

test('latency is pending until it is measured; what else fails comes first', () => {
  const rules = gates({ latency: { p95Ms: 5 }, requiredTags: [{ key: 'owner' }] });
  const owned = new Map([['owner', 'ann']]);
  const results = (more: Partial<Facts>) => judge(rules, facts({}, more), null);
  expect(verdictOf(results({ tags: owned, latency: { state: 'pending' } }))).toBe('pending');
  expect(verdictOf(results({ latency: { state: 'pending' } }))).toBe('failed');
  expect(verdictOf(results({ tags: owned, latency: measured(5) }))).toBe('passed');
  expect(verdictOf(results({ tags: owned, latency: measured(5.001) }))).toBe('failed');
  expect(results({ latency: { state: 'failed', failure: 'it raised' } })[1]).toMatchObject({ passed: false, isPending: false, note: 'It could not be measured: it raised' });
});

test('of slices NaN is worse than anything, and a new one has nothing to be worse than', () => {
  const rules = gates({ notWorseThanChampion: [{ metric: 'm', direction: 'higher', slices: true }] });
  const theirs = champion({ m: 1, 'm/slice/c:a': 1, 'm/slice/c:b': NaN });
  const results = judge(rules, facts({ m: 1, 'm/slice/c:a': NaN, 'm/slice/c:b': 0, 'm/slice/c:new': 0 }), theirs);
  expect(results.map(r => [r.id, r.passed])).toEqual([['not_worse:m', true], ['not_worse:m/slice/c:a', false], ['not_worse:m/slice/c:b', true]]);
});
