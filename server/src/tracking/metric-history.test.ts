import * as fc from 'fast-check';
import { inOrder, pointsOf } from './metric-history';

const chunk = (...points: [step: string, timestamp: string, value: string][]) => ({ steps: `{${points.map(p => p[0])}}`, timestamps: `{${points.map(p => p[1])}}`, values: `{${points.map(p => p[2])}}` });
const shown = (pieces: ReturnType<typeof inOrder>) => pointsOf(pieces).map(p => `${p.timestamp}/${p.step}/${p.value}`);

test('points of several chunks come by timestamp, step and value, an identical one once', () => {
  expect(shown(inOrder([chunk(['2', '5', '1'], ['1', '5', 'NaN'], ['1', '5', '3']), chunk(['9', '4', '-Infinity'], ['1', '5', '3'])]))).toEqual(['4/9/-Infinity', '5/1/3', '5/1/NaN', '5/2/1']);
});

test('steps that no double tells apart keep their order', () => {
  expect(shown(inOrder([chunk(['9223372036854775807', '0', '1'], ['9223372036854775806', '0', '2'])]))).toEqual(['0/9223372036854775806/2', '0/9223372036854775807/1']);
});

test('however points are spread over chunks, the history is the same', () => {
  const point = fc.tuple(fc.bigInt({ min: -12n, max: 12n }).map(String), fc.integer({ min: -1, max: 11 }).map(String), fc.constantFrom('0', '1.5', 'NaN', 'Infinity', '-2'));
  fc.assert(
    fc.property(fc.array(fc.array(point, { minLength: 1, maxLength: 5 }), { maxLength: 6 }), chunks => {
      const whole = shown(inOrder(chunks.map(points => chunk(...points))));
      expect(whole).toEqual(shown(inOrder(chunks.flat().reverse().map(p => chunk(p)))));
      expect(new Set(whole).size).toBe(whole.length);
    })
  );
});
