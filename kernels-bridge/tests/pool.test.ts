import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRuntime } from './runtime';

jest.setTimeout(90_000);

test('a pool of none makes a kernel for the step and none beside it: engines count the memory of all that a runner starts', async () => {
  const t = await startRuntime(0);
  const kernels = new Set<string>();
  let isOver = false;
  const watched = (async () => {
    for (; !isOver; await sleep(20)) {
      readdirSync(join(dirname(t.home), 'run')).forEach(name => kernels.add(name.slice(0, 'k-12345678'.length)));
    }
  })();
  const result = await t.run(['import time\ntime.sleep(1.5)']);
  isOver = true;
  await watched;
  await t.stop();
  expect([result.status, kernels.size]).toEqual(['succeeded', 1]);
});
