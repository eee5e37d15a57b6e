import type { TranslationBundle } from '@jupyterlab/translation';
import type { LiveJob } from '@slipway/schema';
import { curvesOf } from './live-curves';

const trans = { __: (text: string, ...values: unknown[]) => text.replace(/%(\d)/g, (_, n: string) => String(values[Number(n) - 1])) } as unknown as TranslationBundle;
const job = { id: 'j', memoryBytes: 2 ** 30 };
const live = (over: Partial<LiveJob>): LiveJob => ({ isHere: true, usage: [], metrics: [], ...over });

test('a metric with more than one value is a curve, one with a single value stands beside them', () => {
  const { curves, single } = curvesOf(trans, job, live({ metrics: [{ name: 'loss', steps: [0, 1], values: [2, 'NaN'] }, { name: 'rows', steps: [0], values: [1_000] }] }));
  expect(curves).toMatchObject([{ title: 'loss: NaN', x: 'step', curve: { steps: [0, 1], values: [2, 'NaN'] } }]);
  expect(single).toEqual([{ name: 'rows', text: '1000' }]);
});

test('what is used is drawn over time, GPUs only where the job has them to itself', () => {
  const usage = [1_000, 3_000].map(atMs => ({ atMs, memoryBytes: atMs * 2 ** 20, gpuPercent: null, gpuMemoryBytes: null }));
  const { curves } = curvesOf(trans, job, live({ usage: [{ atMs: 0, memoryBytes: null, gpuPercent: null, gpuMemoryBytes: null }, ...usage] }));
  expect(curves).toMatchObject([{ title: 'Memory: 3000 MiB of 1 GiB', x: 'time', curve: { times: [1_000, 3_000], values: [1_000, 3_000] } }]);
});
