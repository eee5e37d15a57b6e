import type { HookRecord } from '@slipway/schema';
import { SlipwayError } from '../core/slipway-error';
import { Outbox } from './outbox';

const SESSION = '00000000-0000-4000-8000-000000000000';
const ended = (seq: number): HookRecord => ({ type: 'session_ended', sessionId: SESSION, seq, at: '2026-01-01T00:00:00.000Z' });

function makeOutbox(): { outbox: Outbox; handed: HookRecord[][]; isAway: { now: boolean }; stored: () => string } {
  const handed: HookRecord[][] = [];
  const isAway = { now: true };
  let text = '[]';
  const call = (_: unknown, input: { body: { records: HookRecord[] } }): Promise<void> => {
    handed.push(input.body.records);
    return isAway.now ? Promise.reject(new SlipwayError('daemon_away', 'away', 503)) : Promise.resolve();
  };
  const outbox = new Outbox({ call: call as never }, { read: () => text, write: next => (text = next) });
  return { outbox, handed, isAway, stored: () => text };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a daemon that is away is tried ever more seldom, however many records come, and none is lost', async () => {
  const { outbox, handed, isAway, stored } = makeOutbox();
  for (let seq = 1; seq <= 50; seq++) {
    outbox.add([ended(seq)]);
    await jest.advanceTimersByTimeAsync(1_000);
  }
  expect(handed.length).toBeLessThan(12);
  expect(outbox.size).toBe(50);
  expect(JSON.parse(stored())).toHaveLength(50);

  isAway.now = false;
  await outbox.flush();
  expect(handed.at(-1)).toHaveLength(50);
  expect(outbox.size).toBe(0);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(handed.filter(records => records.length === 50)).toHaveLength(1);
});
