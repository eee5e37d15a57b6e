import type { View } from '../dispatcher';
import { createOutlooks } from './outlook';

function counted() {
  const asks: ((view: View) => void)[] = [];
  const refusals: ((reason: Error) => void)[] = [];
  const outlooks = createOutlooks(() => new Promise((resolve, reject) => (asks.push(resolve), refusals.push(reject))));
  return { outlooks, asks, refusals };
}
const view = (label: string): View => ({ labels: new Map([['job', label]]) }) as unknown as View;

test('one look serves all who ask while it is made, and shortly after', async () => {
  const { outlooks, asks } = counted();
  const both = Promise.all([outlooks.now(), outlooks.now()]);
  asks[0]!(view('first'));
  const [one, other] = await both;
  expect([one === other, one === (await outlooks.now()), asks.length]).toEqual([true, true, 1]);
});

test('a look ages from when it is made, however long that takes', async () => {
  jest.useFakeTimers();
  const { outlooks, asks } = counted();
  const slow = outlooks.now();
  await jest.advanceTimersByTimeAsync(5_000);
  void outlooks.now();
  expect(asks).toHaveLength(1);
  asks[0]!(view('first'));
  await slow;
  await jest.advanceTimersByTimeAsync(1_001);
  void outlooks.now();
  expect(asks).toHaveLength(2);
  jest.useRealTimers();
});

test('what changed, or came since, is looked for anew; a look that failed is no answer for the next', async () => {
  const { outlooks, asks, refusals } = counted();
  const first = outlooks.now();
  asks[0]!(view('first'));
  await first;
  expect(await outlooks.since(new Date(0))).toBe(await first);
  const later = outlooks.since(new Date(Date.now() + 1_000));
  while (asks.length < 2) {
    await Promise.resolve();
  }
  refusals[1]!(new Error('away'));
  await expect(later).rejects.toThrow('away');
  void outlooks.now();
  outlooks.forget();
  void outlooks.now();
  expect(asks).toHaveLength(4);
});
