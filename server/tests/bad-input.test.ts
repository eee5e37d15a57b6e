import { startApp, type RunningApp } from './running-app';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
}, 60_000);
afterAll(() => app.stop());

test.each([
  ['GET', '/pipelines/%00/runs'],
  ['GET', '/models/a%00b/versions'],
  ['GET', '/lineage?uri=run:%00']
])('a NUL in %s %s is the caller’s fault', async (method, path) => {
  expect(await app.call(method, path)).toMatchObject({ status: 400, body: { code: 'invalid_text' } });
});

test('a NUL in a prediction’s path is the caller’s fault', async () => {
  const response = await fetch(`${app.url}/models/%00/1/invocations`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  expect(response.status).toBe(400);
});

test('a number that no column holds is the caller’s fault', async () => {
  const record = { sessionId: '6c0c8a52-5d0e-4b6c-8a39-2f3a0f8e6f1b', seq: 2 ** 53 - 1, at: '2026-01-01T00:00:00Z', type: 'session_ended' };
  expect(await app.call('POST', '/hook-records', { records: [record] })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await app.call('GET', `/models/none/versions/${10 ** 15}`)).toMatchObject({ status: 404 });
});

test.each(['garbage', 'run', ':x', 'unknown:x'])('lineage of %s, which names nothing, is refused', async uri => {
  expect(await app.call('GET', `/lineage?uri=${uri}`)).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
});

test('the root is a page, for people; what is nowhere is a problem like any other', async () => {
  const root = await fetch(`${app.url}/`);
  expect([root.status, root.headers.get('content-type')]).toEqual([200, expect.stringMatching('text/html')]);
  const nowhere = await fetch(`${app.url}/nowhere`);
  expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { code: 'no_such_route' }]);
});
