import { endpoints, type Endpoint } from '@slipway/schema';
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

/** As long as a UUID, and none. MLflow's ids, and those of nodes, are no UUIDs. */
const NO_ID = '-'.repeat(36);
const WHEN = { any: [{ all: [{ kind: 'event', type: 'x' }] }] };
/** Bodies that their routes take, so that the id is looked for. */
const BODIES: Record<string, object> = {
  'post /sessions/:sessionId/metric-marks': { name: 'x', isMetric: true },
  'post /sweeps/:sweepId/extend': { trials: 1 },
  'post /pipeline-runs/:runId/retry': {},
  'post /pipeline-runs/:runId/rerun': { steps: ['a'] },
  'put /schedules/:scheduleId': { name: 'x', cron: '0 0 * * *' },
  'patch /backfills/:backfillId': { maxConcurrent: 1 },
  'put /triggers/:triggerId': { name: 'x', when: WHEN },
  'post /triggers/:triggerId/fire': {},
  'post /pipeline-runs/:runId/steps/:step/decision': { decision: 'approve' },
  'post /promotions/:promotionId/approve': { comment: 'x' },
  'post /promotions/:promotionId/reject': { comment: 'x' },
  'post /promotions/:promotionId/withdraw': { comment: 'x' },
  'patch /webhooks/:webhookId': { description: 'x' },
  'post /webhooks/:webhookId/test': {},
  'patch /jobs/:jobId': { priority: 1 }
};
const all: Endpoint[] = Object.values(endpoints).flatMap(group => Object.values(group) as Endpoint[]);
const withId = all.filter(e => /:\w+Id\b/.test(e.path) && !/^\/(runs|experiments)\/|:nodeId/.test(e.path)).map(e => [e.method, e.path] as const);

test.each(withId)('%s %s with an id that is none is the caller’s fault', async (method, path) => {
  const { status, body } = await app.call(method.toUpperCase(), path.replaceAll(/:\w+Id\b/g, NO_ID).replaceAll(/:\w+/g, '1'), BODIES[`${method} ${path}`]);
  expect([400, 404]).toContain(status);
  expect(body.code).not.toBe('invalid_input'); // then nothing was looked for
});

test.each(all.filter(e => e.method === 'get' && e.query && !e.path.includes(':')).map(e => e.path))('a cursor of another kind in GET %s is the caller’s fault', async path => {
  const cursor = Buffer.from(`2026-01-01T00:00:00.000Z ${NO_ID}`).toString('base64url');
  expect((await app.call('GET', `${path}?cursor=${cursor}`)).status).toBeLessThan(500);
});

test('half a character in JSON is the caller’s fault', async () => {
  const event = { specversion: '1.0', id: '1', source: '/tests', type: 'com.example.x' };
  expect(await app.call('POST', '/cloud-events', { ...event, data: { text: '\ud800' } })).toMatchObject({ status: 400, body: { code: 'invalid_value' } });
});

test('a call to no webhook finds none', async () => {
  expect((await fetch(`${app.url}/hooks/${NO_ID}`, { method: 'POST' })).status).toBe(404);
});
