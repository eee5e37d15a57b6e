import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLive, type LiveMetric, type StepUsage } from '@slipway/kernels-bridge';
import fc from 'fast-check';
import type { JobObserver } from '../executor';
import { followLive, followLog } from './follow';

const folder = mkdtempSync(join(tmpdir(), 'slipway-follow-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => join(folder, String(files++));

function listener(loggedBytes = 0) {
  const heard = { points: [] as LiveMetric[], usage: [] as StepUsage[], log: '' };
  const observer = { loggedBytes, onLog: (text: string) => void (heard.log += text), onMetrics: (points: LiveMetric[]) => void heard.points.push(...points), onUsage: (usage: StepUsage) => void heard.usage.push(usage) };
  return { heard, observer: observer as unknown as JobObserver };
}

/** Appends the bytes in pieces that end anywhere, and reads after each. */
async function inPieces(path: string, bytes: Buffer, cuts: readonly number[], read: () => Promise<void>): Promise<void> {
  const ends = [...new Set([...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  for (const [i, end] of ends.entries()) {
    appendFileSync(path, bytes.subarray(ends[i - 1] ?? 0, end));
    await read();
  }
}

const Amount = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }));
const Usage: fc.Arbitrary<StepUsage> = fc.record({ at: fc.nat(), gpuPercent: Amount, gpuMemoryBytes: Amount, gpuTotalBytes: Amount, memoryBytes: Amount });
const Point: fc.Arbitrary<LiveMetric> = fc.record({ name: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), value: fc.double(), step: fc.integer() });
const Cuts = fc.array(fc.nat(), { maxLength: 6 });

test('each point and sample is told once and in its order, wherever what was written ends; told anew, all of it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.array(Point, { minLength: 1, maxLength: 4 }), Usage), { maxLength: 12 }), Cuts, async (told, cuts) => {
      const path = newFile();
      const points = told.flatMap(each => (Array.isArray(each) ? each : []));
      const usage = told.filter(each => !Array.isArray(each));
      const bytes = Buffer.from(told.map(each => `${writeLive(Array.isArray(each) ? { points: each } : { usage: each })}\n`).join(''));
      const first = listener();
      const follower = followLive(path, first.observer);
      await inPieces(path, bytes, cuts, follower.read);
      const second = listener();
      await followLive(path, second.observer).read();
      const known = (value: number): number => (value === 0 ? 0 : value); // JSON has one nought
      for (const { heard } of [first, second]) {
        expect(heard.points.map(p => ({ ...p, value: known(p.value) }))).toEqual(points.map(p => ({ ...p, value: known(p.value) })));
        expect(heard.usage).toEqual(usage);
      }
    }),
    { numRuns: 60 }
  );
});

test('what is no line of ours is passed over, as a step without walls may write there too', async () => {
  const path = newFile();
  const { heard, observer } = listener();
  appendFileSync(path, ['', 'loss 3', 'null', '[1]', '{"points":[["loss","high",1],["loss",1,1.5],[3,1,1],["acc","NaN",2]]}', '{"usage":{"at":-1}}', '{"usage":null}', '{"usage":{"at":5,"memoryBytes":"much","gpuPercent":7}}', '{"points":[["loss",0.5,3]'].join('\n'));
  await followLive(path, observer).read();
  expect(heard.points).toEqual([{ name: 'acc', value: NaN, step: 2 }]);
  expect(heard.usage).toEqual([{ at: 5, gpuPercent: 7, gpuMemoryBytes: null, gpuTotalBytes: null, memoryBytes: null }]);
});

test('a log is told from where it was left, in whole characters', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 10 }), Cuts, async (text, before, cuts) => {
      const path = newFile();
      appendFileSync(path, before);
      const { heard, observer } = listener(Buffer.byteLength(before));
      await inPieces(path, Buffer.from(text), cuts, followLog(path, observer).read);
      expect(heard.log).toBe(text);
    }),
    { numRuns: 40 }
  );
});
