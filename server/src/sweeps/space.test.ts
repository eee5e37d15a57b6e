import fc from 'fast-check';
import type { Dimension } from '@slipway/schema';
import { gridSize, holds } from './space';

const stepped = fc.record({ low: fc.integer({ min: -50, max: 50 }), step: fc.integer({ min: 1, max: 9 }), count: fc.integer({ min: 0, max: 40 }), scale: fc.constantFrom(1, 0.1, 0.25, 1e-3) });

test('a grid counts exactly the points that lie in it', () => {
  fc.assert(
    fc.property(stepped, ({ low, step, count, scale }) => {
      const dimension: Dimension = { type: 'float', low: low * scale, high: (low + step * count) * scale, log: false, step: step * scale };
      expect(gridSize({ a: dimension })).toBe(count + 1);
      for (let i = 0; i <= count; i++) {
        expect(holds(dimension, Math.min(dimension.low + i * step * scale, dimension.high))).toBe(true);
      }
      expect(holds(dimension, dimension.low + step * scale * 0.5 * (count === 0 ? -1 : 1))).toBe(false);
    })
  );
});

test('values of another kind, and from outside, are in no dimension', () => {
  const int: Dimension = { type: 'int', low: 1, high: 9, log: false, step: 1 };
  expect([0, 1.5, 10, '3', null, undefined, true].filter(value => holds(int, value))).toEqual([]);
  expect(holds({ type: 'choice', values: ['a', null] }, null)).toBe(true);
  expect(holds({ type: 'choice', values: ['a', null] }, undefined)).toBe(false);
});
