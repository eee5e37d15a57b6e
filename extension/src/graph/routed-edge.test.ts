import { roundedPath } from './routed-edge';

test('a straight edge is one line, a corner is rounded, and a short leg halves the radius', () => {
  expect(roundedPath([{ x: 0, y: 0 }, { x: 0, y: 40 }])).toBe('M0,0 L0,40');
  expect(roundedPath([{ x: 0, y: 0 }, { x: 0, y: 40 }, { x: 50, y: 40 }])).toBe('M0,0 L0,32 Q0,40 8,40 L50,40');
  expect(roundedPath([{ x: 0, y: 0 }, { x: 0, y: 40 }, { x: 4, y: 40 }])).toBe('M0,0 L0,32 Q0,40 2,40 L4,40');
  expect(roundedPath([])).toBe('');
});
