import { createLiveMeasures } from './live-measures';

const usage = (at: number) => ({ at, memoryBytes: 1_000 + at, gpuPercent: null, gpuMemoryBytes: null, gpuTotalBytes: null });

test('what a job tells is kept from the begin of its attempt until it is over', () => {
  const live = createLiveMeasures();
  live.used('a', usage(1)); // of an attempt that is over
  expect(live.of('a')).toEqual({ isHere: false, usage: [], metrics: [] });
  live.begin('a');
  live.used('a', usage(2));
  live.measured('a', [{ name: 'loss', step: 0, value: 2 }, { name: 'loss', step: 1, value: NaN }, { name: 'accuracy', step: 0, value: 0.5 }]);
  expect(live.of('a')).toEqual({
    isHere: true,
    usage: [{ atMs: 2, memoryBytes: 1_002, gpuPercent: null, gpuMemoryBytes: null }],
    metrics: [
      { name: 'loss', steps: [0, 1], values: [2, 'NaN'] },
      { name: 'accuracy', steps: [0], values: [0.5] }
    ]
  });
  live.begin('a');
  expect(live.of('a')).toEqual({ isHere: true, usage: [], metrics: [] });
  live.forget('a');
  expect(live.of('a').isHere).toBe(false);
});

test('a long series grows coarser, and has its newest point', () => {
  const live = createLiveMeasures();
  live.begin('a');
  for (let step = 0; step < 10_000; step++) {
    live.measured('a', [{ name: 'loss', step, value: step }]);
    live.used('a', usage(step));
  }
  const { metrics, usage: used } = live.of('a');
  expect(metrics[0]!.steps.length).toBeLessThanOrEqual(500);
  expect(metrics[0]!.steps.length).toBeGreaterThan(200);
  expect(metrics[0]!.steps.at(-1)).toBe(9_999);
  expect(used.at(-1)!.atMs).toBe(9_999);
});

test('a job that makes up names without end keeps its first hundred', () => {
  const live = createLiveMeasures();
  live.begin('a');
  live.measured('a', Array.from({ length: 300 }, (_, i) => ({ name: `m${i}`, step: 0, value: i })));
  live.measured('a', [{ name: 'm7', step: 1, value: 1 }]);
  expect(live.of('a').metrics).toHaveLength(100);
  expect(live.of('a').metrics[7]!.steps).toEqual([0, 1]);
});
