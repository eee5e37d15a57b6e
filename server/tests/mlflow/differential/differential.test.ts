import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, until, type RunningApp } from '../../running-app';
import { tell } from './exchange';
import { STORIES } from './stories';

jest.setTimeout(120_000);

const PYTHON = join(__dirname, '../../../../.venv/bin/python');
const folder = mkdtempSync(join(tmpdir(), 'slipway-mlflow-'));
let ours: RunningApp;
let server: ChildProcess;
let theirs: string;

beforeAll(async () => {
  const port = await freePort();
  theirs = `http://127.0.0.1:${port}`;
  const args = ['-m', 'mlflow', 'server', '--port', String(port), '--workers', '1', '--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--artifacts-destination', join(folder, 'artifacts')];
  server = spawn(PYTHON, args, { cwd: folder, stdio: 'ignore', detached: true });
  ours = await startApp();
  await until(() => fetch(`${theirs}/health`).then(r => r.ok, () => false), 100_000);
});
afterAll(async () => {
  process.kill(-server.pid!, 'SIGKILL'); // its group: the server and its worker
  await ours.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each(Object.keys(STORIES))('%s: the same answers as from MLflow’s own server', async name => {
  const story = STORIES[name]!;
  const [expected, actual] = await Promise.all([tell(theirs, story), tell(ours.url, story)]);
  for (const [i, { method, path, body, differs }] of story.entries()) {
    const asked = `${method} ${path} ${JSON.stringify(body)?.slice(0, 200) ?? ''}`;
    if (differs === undefined) {
      expect({ asked, ...actual[i] }).toEqual({ asked, ...expected[i] });
    } else {
      expect({ asked, ...actual[i] }).not.toEqual({ asked, ...expected[i] }); // else the reason has gone
      expect(actual[i]!.status).toBeLessThan(500);
    }
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
