import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endKernels, startKernel } from './kernel';

jest.setTimeout(60_000);
afterAll(endKernels);

test('Jupyter’s own files are nobody’s data, wherever it was told to keep them', async () => {
  const runtime = join(mkdtempSync(join(tmpdir(), 'slipway-jupyter-')), 'runtime');
  mkdirSync(runtime);
  writeFileSync(join(runtime, 'kernel-1.json'), '{"key": "secret"}');
  const kernel = await startKernel({ env: { JUPYTER_RUNTIME_DIR: runtime } });
  writeFileSync(join(kernel.folder, 'in.txt'), '1');
  await kernel.run(`open(${JSON.stringify(join(runtime, 'kernel-1.json'))}).read(); open('in.txt').read()`);
  const [cell] = await kernel.executed(1);
  await kernel.shutdown();
  expect(cell!.data.map(file => file.path)).toEqual([join(kernel.folder, 'in.txt')]);
});
