import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'node:http';
import { join } from 'node:path';
import { until } from '../running-app';
import { Home } from './slipway';

jest.setTimeout(60_000);
let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.remove());

test('a daemon tells where it is, keeps its secrets to itself and ends in order on SIGTERM', async () => {
  const daemon = await home.serve('--port', '0');
  const file = JSON.parse(readFileSync(home.paths.daemonFile, 'utf8')) as Record<string, unknown>;
  expect(file).toMatchObject({ pid: daemon.pid, url: daemon.url, socket: home.paths.socket, version: '0.1.0' });
  for (const path of [home.paths.daemonFile, home.paths.token, home.paths.proxySecret, home.paths.socket]) {
    expect([path, (statSync(path).mode & 0o777).toString(8)]).toEqual([path, '600']);
  }
  expect((statSync(home.paths.runtimeDir).mode & 0o777).toString(8)).toBe('700');
  expect(await fetch(`${daemon.url}/healthz`).then(r => r.status)).toBe(200);

  expect(await daemon.kill('SIGTERM')).toBe(0);
  expect(existsSync(home.paths.daemonFile)).toBe(false);
  expect(existsSync(join(home.paths.postgres, 'data', 'postmaster.pid'))).toBe(false);
});

test('a second daemon on the home is refused with 6 and the URL of the first', async () => {
  const daemon = await home.serve();
  const second = home.run('serve', '--auth', 'none');
  expect(second).toMatchObject({ code: 6, stdout: '' });
  expect(second.stderr).toContain(daemon.url);
});

test('an explicit port of somebody else is refused with 5 and names the holder; another run finds a free one', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  const port = await until(() => (holder.address() as AddressInfo | null)?.port);
  const refused = home.run('serve', '--port', String(port));
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain(`Port ${port} is taken`);
  expect(refused.stderr).toContain(`pid ${process.pid}`);
  expect((await home.serve()).url).not.toContain(`:${port}`);
  holder.close();
});

test('after kill -9 the next daemon takes over lock, port and the living PostgreSQL, with all that was stored', async () => {
  const first = await home.serve();
  const created = await fetch(`${first.url}/api/2.0/mlflow/experiments/create`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"kept"}' });
  expect(created.status).toBe(200);
  const postgres = home.postmasterPid();
  await first.kill('SIGKILL');

  const second = await home.serve();
  expect(second.url).toBe(first.url);
  expect(home.postmasterPid()).toBe(postgres);
  const kept = await fetch(`${second.url}/api/2.0/mlflow/experiments/get-by-name?experiment_name=kept`);
  expect(kept.status).toBe(200);
});

test('PostgreSQL killed under the daemon is started again, and calls work again', async () => {
  const daemon = await home.serve();
  const killed = await home.killPostgres();
  await until(() => ![null, killed].includes(home.postmasterPid()), 30_000);
  const isBack = (): Promise<boolean> => fetch(`${daemon.url}/api/2.0/mlflow/experiments/search?max_results=5`).then(r => r.status === 200);
  await until(isBack, 30_000);
  expect(await daemon.kill('SIGTERM')).toBe(0);
});

test('--auth none is refused where others could reach it', () => {
  const refused = home.run('serve', '--auth', 'none', '--host', '0.0.0.0', '--port', '0');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('loopback');
});

test('a wrong argument is 2, a missing daemon 3, a wrong token 4; with --json as one JSON value', () => {
  expect(home.run('serve', '--port', 'x').code).toBe(2);
  const none = home.run('status', '--json');
  expect(none.code).toBe(3);
  expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: 'no_daemon', message: expect.stringContaining('npx slipway start') } });

  const started = home.run('start', '--json');
  expect(started).toMatchObject({ code: 0 });
  const { url } = JSON.parse(started.stdout) as { url: string };
  expect(home.run('start').stdout).toContain(url);
  home.extraEnv = { SLIPWAY_TOKEN: 'slw_wrong' };
  expect(home.run('status').code).toBe(4);
  home.extraEnv = {};
  expect(home.run('status').stdout).toContain(url);
  expect(home.run('stop').code).toBe(0);
  expect(home.run('stop').code).toBe(3);
});

test('on the unix socket the proxy’s secret is the owner, and nothing else is', async () => {
  await home.serve();
  const secret = readFileSync(home.paths.proxySecret, 'utf8').trim();
  expect(await overSocket(home.paths.socket, { 'x-slipway-proxy': secret })).toBe(200);
  expect(await overSocket(home.paths.socket, { 'x-slipway-proxy': 'guess' })).toBe(401);
  expect(await overSocket(home.paths.socket, {})).toBe(401);
});

function overSocket(socketPath: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/api/v1/tokens', headers }, res => {
      res.resume();
      resolve(res.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
