import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { startApp, type RunningApp } from './running-app';

jest.setTimeout(60_000);

let app: RunningApp;
let owner: string;
beforeAll(async () => {
  app = await startApp({ auth: 'token' });
  owner = readFileSync(join(app.home, 'token'), 'utf8').trim();
});
afterAll(() => app.stop());

interface Reply {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** fetch would not let a test choose its Host and Origin. */
function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const req = request(`${app.url}${path}`, { method, headers }, res => {
      let text = '';
      res.setEncoding('utf8').on('data', chunk => (text += chunk));
      res.on('end', () => resolve({ status: res.statusCode!, headers: res.headers, text }));
    });
    req.on('error', reject).end(body);
  });
}
const bearer = (token = owner): Record<string, string> => ({ authorization: `Bearer ${token}` });
const json = { 'content-type': 'application/json' };

async function newToken(permissions: string[], expiresInDays?: number): Promise<{ id: string; secret: string }> {
  const { text } = await send('POST', '/api/v1/tokens', { ...bearer(), ...json }, JSON.stringify({ name: 'test', permissions, expiresInDays }));
  return JSON.parse(text) as { id: string; secret: string };
}

test('the owner’s token is in a file that only the owner reads', () => {
  expect(statSync(join(app.home, 'token')).mode & 0o777).toBe(0o600);
  expect(owner).toMatch(/^slw_[\w-]{43}$/);
});

test.each(['/api/v1/status', '/api/v1/tokens', '/api/2.0/mlflow/experiments/get?experiment_id=0', '/ajax-api/2.0/mlflow/experiments/search', '/api/2.0/mlflow-artifacts/artifacts/0/x', '/api/v1/no-such-route'])('%s without a token, or with a wrong one, is 401', async path => {
  const wrong = [{}, bearer('slw_wrong'), { authorization: 'Basic !!!' }, { authorization: `token ${owner}` }, { 'x-slipway-proxy': readFileSync(join(app.home, 'proxy-secret'), 'utf8').trim() }];
  for (const headers of wrong) {
    const reply = await send('GET', path, headers);
    expect([reply.status, reply.headers['www-authenticate']]).toEqual([401, 'Bearer realm="slipway"']);
  }
});

test('the token works as Bearer and as the password of Basic', async () => {
  const basic = `Basic ${Buffer.from(`anyone:${owner}`).toString('base64')}`;
  expect((await send('GET', '/api/v1/status', bearer())).status).toBe(200);
  expect((await send('GET', '/api/2.0/mlflow/experiments/get?experiment_id=0', { authorization: basic })).status).toBe(200);
});

test('a token may what it was issued for, and nothing once revoked', async () => {
  const token = await newToken(['runs:read']);
  const body = '{"name":"denied"}';
  expect((await send('GET', '/api/2.0/mlflow/experiments/get?experiment_id=0', bearer(token.secret))).status).toBe(200);
  const own = await send('GET', '/api/v1/tokens', bearer(token.secret));
  expect([own.status, JSON.parse(own.text)]).toEqual([403, expect.objectContaining({ code: 'forbidden' })]);
  const mlflow = await send('POST', '/api/2.0/mlflow/experiments/create', { ...bearer(token.secret), ...json }, body);
  expect([mlflow.status, JSON.parse(mlflow.text)]).toEqual([403, expect.objectContaining({ error_code: 'PERMISSION_DENIED' })]);
  expect((await send('PUT', '/api/2.0/mlflow-artifacts/artifacts/0/x', bearer(token.secret), 'x')).status).toBe(403);
  expect((await send('DELETE', `/api/v1/tokens/${token.id}`, bearer())).status).toBe(200);
  expect((await send('GET', '/api/2.0/mlflow/experiments/get?experiment_id=0', bearer(token.secret))).status).toBe(401);
  expect((await send('DELETE', `/api/v1/tokens/${token.id}`, bearer())).status).toBe(404);
});

test('an expired token is unknown; no secret is ever listed or stored', async () => {
  const token = await newToken(['runs:read'], 1);
  expect((await send('GET', '/api/v1/tokens', bearer())).text).not.toContain(token.secret);
  const { rows } = await app.database.db.executeQuery<{ all: string }>(app.database.db.selectFrom('access_token').selectAll().compile());
  expect(JSON.stringify(rows)).not.toContain(token.secret);
  await app.database.db.updateTable('access_token').set({ expires_at: new Date(Date.now() - 1) }).where('id', '=', token.id).execute();
  expect((await send('GET', '/api/2.0/mlflow/experiments/get?experiment_id=0', bearer(token.secret))).status).toBe(401);
});

test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '[::2]', 'localhost.evil.example:8080'])('the Host %j is foreign', async host => {
  for (const path of ['/api/v1/status', '/docs', '/api/2.0/mlflow/experiments/get?experiment_id=0']) {
    expect((await send('GET', path, { ...bearer(), host })).status).toBe(403);
  }
});

test('pages of another origin are refused, the token and --auth none notwithstanding', async () => {
  const host = new URL(app.url).host;
  for (const origin of ['https://evil.example', 'null', 'http://localhost:1', `http://${host}.evil.example`]) {
    expect([origin, (await send('GET', '/api/v1/status', { ...bearer(), origin })).status]).toEqual([origin, 403]);
  }
  expect((await send('GET', '/api/v1/status', { ...bearer(), origin: `http://${host}` })).status).toBe(200);
});

test('a body needs its content type, so no form of a foreign page gets through', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
    const headers = { ...bearer(), ...(type !== '' && { 'content-type': type }) };
    expect([type, (await send('POST', '/api/v1/tokens', headers, '{"name":"x","permissions":[]}')).status]).toEqual([type, 415]);
    expect([type, (await send('POST', '/api/2.0/mlflow/experiments/create', headers, '{"name":"x"}')).status]).toEqual([type, 400]);
  }
});

test.each([
  ['JSON that breaks off', 400, '{"name":', 'entity_parse_failed'],
  ['a body of the wrong shape', 400, '{"name":1}', 'invalid_input'],
  ['a body too large', 413, JSON.stringify({ name: 'x'.repeat(33 * 1024 * 1024), permissions: [] }), 'entity_too_large']
])('%s is %i', async (_name, status, body, code) => {
  const reply = await send('POST', '/api/v1/tokens', { ...bearer(), ...json }, body);
  expect([reply.status, reply.headers['content-type'], JSON.parse(reply.text)]).toEqual([status, expect.stringContaining('application/problem+json'), expect.objectContaining({ code, status })]);
});

test('URLs that are no URLs are 400 or 404, never 500', async () => {
  for (const path of ['/api/v1/models/%ff/versions', '/api/v1/models/%00/versions', '/api/v1/models/a%00b/versions/1', '/api/2.0/mlflow/registered-models/get?name=%00', '/api/2.0/mlflow/experiments/get-by-name?experiment_name=a%00', '/api/v1/tokens/%00']) {
    const method = path.startsWith('/api/v1/tokens') ? 'DELETE' : 'GET';
    expect([400, 404]).toContain((await send(method, path, bearer())).status);
  }
});

test('what is not there is said so in the dialect of whoever asks', async () => {
  expect(JSON.parse((await send('GET', '/api/v1/nothing', bearer())).text)).toMatchObject({ code: 'no_such_route', status: 404 });
  expect(JSON.parse((await send('GET', '/api/3.0/mlflow/nothing', bearer())).text)).toMatchObject({ error_code: 'ENDPOINT_NOT_FOUND' });
  expect((await send('GET', '/nothing')).status).toBe(404);
});

test('the API’s page and document are there without a token, and from this server only', async () => {
  const page = await send('GET', '/docs');
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.text).not.toMatch(/https?:/);
  const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(m => m[1]!);
  expect(assets).toHaveLength(3);
  for (const asset of [...assets, 'openapi.json']) {
    expect([asset, (await send('GET', `/${asset}`)).status]).toEqual([asset, 200]);
  }
});

test('the page behind the links of MLflow’s client comes whole from here, without a token, and runs nothing else', async () => {
  const page = await send('GET', '/');
  expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' } });
  expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/);
  expect(page.text).not.toMatch(/https?:|<script>|<style|style=/);
  for (const [, asset] of page.text.matchAll(/(?:src|href)="(pages[^"]+)"/g)) {
    expect(await send('GET', `/${asset}`)).toMatchObject({ status: 200, headers: { 'content-type': expect.stringMatching(/^text\/(css|javascript);/) } });
  }
  expect((await send('GET', '/', { host: 'evil.example' })).status).toBe(403);
  expect((await send('GET', '/pages/..%2fpackage.json')).status).toBe(404);
});

test('artifact HTML is never run as a page of ours', async () => {
  const path = '/api/2.0/mlflow-artifacts/artifacts/0/report.html';
  await send('PUT', path, bearer(), '<script>alert(1)</script>');
  expect((await send('GET', path, bearer())).headers).toMatchObject({ 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff', 'content-disposition': expect.stringContaining('attachment') });
});
