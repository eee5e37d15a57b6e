import fc from 'fast-check';
import { estimateOf, memoryAdvice } from './history';

const MIB = 2 ** 20;
const history = (peaksBytes: number[], askedBytes = 4096 * MIB) => ({ peaksBytes, askedBytes });

test('a step is expected to take half as long again as it last did, once that is known, and never beyond its limit', () => {
  expect(estimateOf(3_600_000)).toBe(3_600_000);
  expect(estimateOf(3_600_000, [60_000, 60_000])).toBe(3_600_000);
  expect(estimateOf(3_600_000, [60_000, 40_000, 20_000])).toBe(90_000);
  expect(estimateOf(10_000, [60_000, 40_000, 20_000])).toBe(10_000);
});

test('advice names what was asked, what was used and what to ask', () => {
  expect(memoryAdvice(history(Array(12).fill(310 * MIB)))?.text).toBe('Asked for 4 GiB, never used more than 310 MiB in 12 runs: ask for 512 MiB.');
  expect(memoryAdvice(history(Array(4).fill(310 * MIB)))).toBeNull();
  expect(memoryAdvice(history(Array(12).fill(1_500 * MIB)))).toBeNull();
});

test('advice leaves room above every peak seen, and halves what is asked at the least', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: MIB, max: 2 ** 36 }), { minLength: 5, maxLength: 20 }), fc.integer({ min: MIB, max: 2 ** 38 }), (peaks, asked) => {
      const advice = memoryAdvice(history(peaks, asked));
      if (advice) {
        expect(advice.adviceBytes).toBeGreaterThanOrEqual(1.5 * Math.max(...peaks));
        expect(advice.adviceBytes).toBeLessThanOrEqual(asked / 2);
      }
    })
  );
});
