import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

jest.setTimeout(240_000);

const ROOT = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'slipway-own-lab-'));
const python = join(folder, 'env', 'bin', 'python');
const extension = join(folder, 'env', 'share', 'jupyter', 'labextensions', '@slipway', 'extension', 'package.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An environment of somebody's own, which borrows the packages of ours to spare a download. */
beforeAll(() => {
  expect(spawnSync(join(ROOT, '.venv', 'bin', 'python'), ['-m', 'venv', '--without-pip', join(folder, 'env')]).status).toBe(0);
});

function borrow(): void {
  const own = join(ROOT, '.venv', 'lib');
  const packages = join(own, readdirSync(own)[0]!, 'site-packages');
  const lib = join(folder, 'env', 'lib');
  writeFileSync(join(lib, readdirSync(lib)[0]!, 'site-packages', 'borrowed.pth'), packages);
}

function install(...more: string[]): { code: number | null; said: string } {
  const done = spawnSync(process.execPath, [join(ROOT, 'scripts', 'install-lab.mjs'), ...more], { cwd: ROOT, encoding: 'utf8' });
  return { code: done.status, said: done.stdout + done.stderr };
}

test('an environment without JupyterLab, and a call without one, are told what to do', () => {
  expect(install()).toEqual({ code: 1, said: expect.stringContaining('Usage: npm run install:lab -- --python PATH') });
  expect(install('--python', python)).toEqual({ code: 1, said: expect.stringContaining('-m pip install "jupyterlab>=4.6,<5"') });
});

test('the extension, the proxy entry and the hook go into an environment of one’s own, and out again', () => {
  borrow();
  expect(install('--python', python)).toEqual({ code: 0, said: expect.stringContaining('Restart it') });
  expect(JSON.parse(readFileSync(extension, 'utf8'))).toMatchObject({ name: '@slipway/extension' });
  const check = 'import slipway.hook, importlib.metadata as m; print(slipway.hook.__file__, [e.value for e in m.entry_points(group="jupyter_serverproxy_servers")])';
  const seen = spawnSync(python, ['-c', check], { encoding: 'utf8', cwd: folder }).stdout;
  expect(seen).toContain(join(folder, 'env'));
  expect(seen).toContain('slipway.proxy');

  expect(install('--python', python, '--uninstall')).toEqual({ code: 0, said: expect.stringContaining('Slipway is out') });
  expect(existsSync(extension)).toBe(false);
});
