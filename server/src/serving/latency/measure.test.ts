import { setTimeout as sleep } from 'node:timers/promises';
import { measure } from './measure';

test('the first answers do not count; the slow one is seen', async () => {
  let asked = 0;
  const evidence = await measure(() => sleep(++asked <= 5 || asked === 10 ? 60 : 1), { requests: 10, input: 'example', patienceMs: 10_000 });
  expect(asked).toBe(15);
  expect(evidence).toMatchObject({ requests: 10, input: 'example', machine: { cores: expect.any(Number), cpu: expect.any(String) } });
  expect(evidence.p50Ms).toBeLessThan(50);
  expect(evidence.p95Ms).toBeGreaterThan(55);
  expect(evidence.maxMs).toBe(evidence.p95Ms);
});

test('patience ends it', async () => {
  expect((await measure(() => sleep(5), { requests: 1_000, input: 'signature', patienceMs: 1 })).requests).toBe(1);
});
