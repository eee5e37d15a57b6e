import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnWorker } from '../src/worker';

const VENV = join(__dirname, '../../.venv');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-links-'));
  for (const name of ['real-home', 'elsewhere', 'real-home/scratch', 'real-home/model']) {
    mkdirSync(join(folder, name));
  }
  writeFileSync(join(folder, 'real-home', 'secret'), 'not to be seen');
  writeFileSync(join(folder, 'real-home', 'model', 'say.py'), 'import os, sys, numpy\nprint(sys.prefix, os.getcwd(), os.path.exists(sys.argv[1]), os.listdir(os.path.dirname(os.path.dirname(os.getcwd()))))');
  symlinkSync(join(folder, 'real-home'), join(folder, 'home'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the worker says, with everything of Slipway's home reached through the link. */
async function said(venv: string): Promise<string> {
  const home = join(folder, 'home');
  const spec = { id: 'x', python: join(venv, 'bin/python'), args: [join(home, 'model/say.py'), join(home, 'secret')], scratch: join(home, 'scratch'), readOnly: [join(home, 'model')], env: {}, memoryBytes: 2 ** 30 };
  const worker = await spawnWorker(spec, { kind: 'bubblewrap', hiddenPaths: [home] });
  let text = '';
  worker.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const { code, stderr } = await worker.exited;
  expect([code, stderr]).toEqual([0, '']);
  return text;
}

test.each(['elsewhere', 'real-home'])('a worker starts where its Python environment and Slipway’s home are reached through links (%s), and sees no more', async place => {
  const venv = join(folder, place, 'environment');
  symlinkSync(VENV, venv);
  const text = await said(venv);
  expect(text).toContain(join(folder, 'real-home', 'scratch'));
  expect(text).toContain(' False ');
  expect(text).not.toContain('secret');
});
