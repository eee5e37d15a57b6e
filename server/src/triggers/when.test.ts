import { TriggerSpec } from '@slipway/schema';
import fc from 'fast-check';
import { judgeStamps, type WatchState } from './looks/watched';
import { atPointer, isOfType, loopFrom, ripeSignals } from './when';

const event = (type: string) => ({ kind: 'event', type });
const spec = (any: object[][], debounceMs = 0) => TriggerSpec.parse({ name: 't', when: { any: any.map(all => ({ all })) }, debounceMs });
const at = (seconds: number): Date => new Date(seconds * 1_000);
const signal = (place: string, seconds = 0) => ({ place, at: at(seconds) });

test('all of a group, any of the groups', () => {
  const both = spec([[event('a'), event('b')], [event('c')]]);
  expect(ripeSignals(both, [signal('any.0.all.0')], at(1))).toEqual([]);
  expect(ripeSignals(both, [signal('any.0.all.0'), signal('any.0.all.1')], at(1))).toHaveLength(2);
  expect(ripeSignals(both, [signal('any.0.all.0'), signal('any.1.all.0')], at(1)).map(s => s.place)).toEqual(['any.1.all.0']);
});

test('a debounce waits for quiet, but not for ever', () => {
  const quiet = spec([[event('a')]], 10_000);
  expect(ripeSignals(quiet, [signal('any.0.all.0', 0), signal('any.0.all.0', 5)], at(14))).toEqual([]);
  expect(ripeSignals(quiet, [signal('any.0.all.0', 0), signal('any.0.all.0', 5)], at(15))).toHaveLength(2);
  expect(ripeSignals(quiet, [signal('any.0.all.0', 0), signal('any.0.all.0', 99)], at(100))).toHaveLength(2);
});

test('a loop over any number of pipelines is found with its way, and nothing else is one', () => {
  const edges = [{ upstream: 'a', pipeline: 'b' }, { upstream: 'b', pipeline: 'c' }, { upstream: 'c', pipeline: 'a' }, { upstream: 'a', pipeline: 'd' }];
  expect(loopFrom('a', edges)).toEqual(['a', 'b', 'c', 'a']);
  expect(loopFrom('d', edges)).toBeNull();
  expect(loopFrom('x', [{ upstream: 'x', pipeline: 'x' }])).toEqual(['x', 'x']);
  fc.assert(
    // Edges that only lead upwards never make a loop.
    fc.property(fc.array(fc.tuple(fc.nat(12), fc.nat(12)).filter(([a, b]) => a < b)), pairs => {
      expect(loopFrom('0', pairs.map(([a, b]) => ({ upstream: String(a), pipeline: String(b) })))).toBeNull();
    })
  );
});

test('a JSON pointer leads to what is there, and to nothing of ours', () => {
  const payload = { data: { files: ['/a', '/b'], 'a/b': { '~': 1 } } };
  expect(atPointer(payload, '/data/files/1')).toBe('/b');
  expect(atPointer(payload, '/data/a~1b/~0')).toBe(1);
  expect(atPointer(payload, '/data/nothing/there')).toBeUndefined();
  expect(atPointer(payload, '/constructor/name')).toBeUndefined();
});

test('`*` in a type stands for anything, a dot for a dot', () => {
  expect(isOfType('model_version.created', 'model_version.*')).toBe(true);
  expect(isOfType('modelXversion.created', 'model.version.*')).toBe(false);
});

test('a file counts once it has settled, each change once, however often it is looked at', () => {
  const look = (state: WatchState | null, files: Record<string, string>, now: number) => judgeStamps(state, new Map(Object.entries(files)), now, 1_000);
  const first = look(null, { old: '1' }, 0);
  expect(first.changed).toEqual([]);
  const growing = look(first.state, { old: '1', fresh: '1' }, 100);
  const grown = look(growing.state, { old: '1', fresh: '2' }, 900);
  expect([growing.changed, grown.changed]).toEqual([[], []]);
  expect(look(grown.state, { old: '1', fresh: '2' }, 1_500).changed).toEqual([]);
  const settled = look(grown.state, { old: '1', fresh: '2' }, 1_900);
  expect(settled.changed).toEqual(['fresh']);
  expect(look(settled.state, { old: '1', fresh: '2' }, 9_000).changed).toEqual([]);
});
