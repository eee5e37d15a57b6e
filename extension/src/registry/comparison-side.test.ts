import fc from 'fast-check';
import { readRuns, readSide, sideUri, type Side } from './comparison-side';

test('a side comes back from its URI, whatever the model is called', () => {
  const sides: fc.Arbitrary<Side> = fc.oneof(
    fc.record({ runId: fc.string({ minLength: 1 }) }),
    fc.record({ model: fc.string({ minLength: 1 }), version: fc.option(fc.nat().map(String)) })
  );
  fc.assert(fc.property(sides, side => expect(readSide(sideUri(side))).toEqual(side)));
});

test.each([undefined, null, 7, '', 'model:', 'model:fraud', 'model:fraud@champion', 'dataset:x@sha256:1'])('%j names none', uri => {
  expect(readSide(uri)).toBeNull();
});

test('of what a command was given only runs are taken', () => {
  expect(readRuns([{ id: 'a', name: 'A', more: 1 }, { id: 1 }, null, 'b'])).toEqual([{ id: 'a', name: 'A' }]);
  expect(readRuns('a')).toEqual([]);
});
