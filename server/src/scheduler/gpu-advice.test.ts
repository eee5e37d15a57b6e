import fc from 'fast-check';
import { gpuMemoryAdvice, gpuUseAdvice } from './gpu-advice';

const GIB = 2 ** 30;
const history = (over: object) => ({ peaksBytes: [], percents: [], memoryBytes: 80 * GIB, asked: 1, ...over });

test('advice about a GPU names what it had, what was used and what would do', () => {
  expect(gpuMemoryAdvice(history({ peaksBytes: [5 * GIB, 6 * GIB, 5 * GIB, 5 * GIB, 5 * GIB] }))?.text).toBe('Held a GPU of 80 GiB and never used more than 6 GiB of one in 5 runs: gpus: 0.12 would do, or a GPU of 9 GiB.');
  expect(gpuUseAdvice(history({ percents: [12, 31, 8, 9, 10], asked: 2 }))?.text).toBe('Its 2 GPUs were never more than 31 % busy (95th percentile) in 5 runs: ask for fewer, or feed them faster.');
  expect([gpuMemoryAdvice(history({ peaksBytes: [GIB, GIB, GIB, GIB] })), gpuUseAdvice(history({ percents: [1, 1, 1, 1] }))]).toEqual([null, null]);
});

test('advice leaves room above every peak, and is worth taking', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 80 * GIB }), { minLength: 5, maxLength: 20 }), fc.integer({ min: GIB, max: 160 * GIB }), (peaksBytes, memoryBytes) => {
      const advice = gpuMemoryAdvice(history({ peaksBytes, memoryBytes }));
      expect(advice === null || (advice.adviceBytes >= 1.5 * Math.max(...peaksBytes) && advice.adviceBytes * 2 <= memoryBytes)).toBe(true);
    })
  );
});
