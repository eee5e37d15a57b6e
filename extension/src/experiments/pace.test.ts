import { Pace } from './pace';

test('many requests are one piece of work now and one when the stretch is over', async () => {
  let done = 0;
  const pace = new Pace(() => done++, 60);
  const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
  for (let i = 0; i < 100; i++) pace.ask();
  await wait(10);
  expect(done).toBe(1);
  for (let i = 0; i < 100; i++) pace.ask();
  await wait(20);
  expect(done).toBe(1);
  await wait(60);
  expect(done).toBe(2);
  pace.ask();
  pace.stop();
  await wait(80);
  expect(done).toBe(2);
});
