import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError } from '../core/errors';
import { browserGuard } from './guards';

const folder = mkdtempSync(join(tmpdir(), 'slipway-guard-'));
const socketPath = join(folder, 's.sock');
let server: Server;
beforeAll(async () => {
  const guard = browserGuard(['slipway.internal']);
  server = createServer((req, res) => {
    try {
      guard(req);
    } catch (error) {
      res.statusCode = (error as AppError).status;
    }
    res.end();
  });
  await new Promise<void>(resolve => server.listen(socketPath, resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function post(headers: Record<string, string>, method = 'POST'): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ socketPath, method, path: '/', headers }, res => resolve(res.resume().statusCode!)).on('error', reject).end();
  });
}

test.each([
  ['Lab’s own page', { 'sec-fetch-site': 'same-origin', cookie: '_xsrf=a' }, 200],
  ['a page of another site', { 'sec-fetch-site': 'cross-site', cookie: '_xsrf=a', 'x-xsrftoken': 'a' }, 403],
  ['another port of this machine', { 'sec-fetch-site': 'same-site', cookie: '_xsrf=a' }, 403],
  ['an old browser with the token', { cookie: 'x=1; _xsrf=2|ab', 'x-xsrftoken': '2|ab' }, 200],
  ['an old browser without it', { cookie: '_xsrf=2|ab' }, 403],
  ['an old browser with another token', { cookie: '_xsrf=2|ab', 'x-xsrftoken': '2|cd' }, 403],
  ['a program without cookies', {}, 200]
])('behind the proxy a write of %s: %#', async (_who, headers, status) => {
  expect(await post(headers)).toBe(status);
});

test('behind the proxy reading is for every page: another origin cannot see the answer', async () => {
  expect(await post({ 'sec-fetch-site': 'cross-site', cookie: '_xsrf=a' }, 'GET')).toBe(200);
});
