import type { Promotion } from '@slipway/schema';
import { startApp, until, type RunningApp } from '../running-app';
import { eventOf, startReceiver } from '../webhooks/receiver';
import { registryOf, type Reply } from './registry-fixtures';

jest.setTimeout(60_000);

type Call = (method: string, path: string, body?: unknown) => Promise<Reply>;
let app: RunningApp;
let registry: ReturnType<typeof registryOf>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let ann: Call;
let bob: Call;
beforeAll(async () => {
  receiver = await startReceiver();
  process.env.SLIPWAY_WEBHOOK_ALLOWED_HOSTS = new URL(receiver.url).host;
  app = await startApp();
  registry = registryOf(app);
  ann = registry.as(await registry.token('ann', 'registry:read', 'registry:write', 'registry:approve'));
  bob = registry.as(await registry.token('bob', 'registry:read', 'registry:write', 'registry:approve'));
});
afterAll(async () => {
  await app.stop();
  await receiver.stop();
});

const ask = async (name: string, version: string, more: object = {}, who: Call = ann): Promise<Promotion> => {
  const { status, body } = await who('POST', `/models/${name}/versions/${version}/promotions`, more);
  expect(status).toBe(201);
  return body as Promotion;
};
const championOf = async (name: string): Promise<string | undefined> => (await app.call('GET', '/models')).body.items.find((m: { name: string }) => m.name === name).aliases.champion;
const comment = { comment: 'looked at the errors by age' };

test('what one asks another approves: the alias moves, with the comment and the gates’ evidence', async () => {
  const { version } = await registry.version('asked', { accuracy: 0.95 });
  await app.call('PUT', '/models/asked/gates', { thresholds: [{ metric: 'accuracy', comparator: '>=', value: 0.9 }] });
  const promotion = await ask('asked', version, { instructions: 'Look at the errors by age.' });
  expect(promotion).toMatchObject({ model: 'asked', version, alias: 'champion', status: 'open', instructions: 'Look at the errors by age.', requestedBy: 'token:ann', decidedBy: null, replaced: null, gates: { verdict: 'passed', trigger: 'promotion' } });
  expect(await championOf('asked')).toBeUndefined();
  expect(await ann('POST', `/promotions/${promotion.id}/approve`, comment)).toMatchObject({ status: 403, body: { code: 'own_request' } });
  expect(await ann('POST', `/promotions/${promotion.id}/reject`, comment)).toMatchObject({ status: 403, body: { code: 'own_request' } });
  const approved = await bob('POST', `/promotions/${promotion.id}/approve`, comment);
  expect(approved).toMatchObject({ status: 200, body: { status: 'approved', decidedBy: 'token:bob', comment: comment.comment, gates: { verdict: 'passed', evaluatedBy: 'token:bob' } } });
  expect(await championOf('asked')).toBe(version);
  expect(await bob('POST', `/promotions/${promotion.id}/approve`, comment)).toMatchObject({ status: 409, body: { code: 'promotion_closed' } });
  expect((await bob('GET', '/models/asked/promotions')).body.items).toEqual([approved.body]);
});

test('what it replaced is kept, and who approved may give the alias back: no gate is asked again, and none is said to be overridden', async () => {
  const first = (await registry.version('back', { accuracy: 0.9 })).version;
  const second = (await registry.version('back', { accuracy: 0.95 })).version;
  await app.call('PUT', '/models/back/gates', { notWorseThanChampion: [{ metric: 'accuracy', direction: 'higher' }] });
  expect((await bob('POST', `/promotions/${(await ask('back', first)).id}/approve`, comment)).body).toMatchObject({ status: 'approved', replaced: null });
  const { id } = await ask('back', second);
  expect((await bob('POST', `/promotions/${id}/approve`, comment)).body).toMatchObject({ status: 'approved', replaced: first });
  const giveBack = (who: Call, to: string): Promise<Reply> => who('PUT', '/models/back/aliases/champion', { version: to, isUndo: true });
  // The first is worse than the champion now: set anew, its gates would refuse it.
  expect(await bob('PUT', '/models/back/aliases/champion', { version: first })).toMatchObject({ status: 409, body: { code: 'gates_failed' } });
  const before = (await bob('GET', `/models/back/versions/${first}/gates`)).body.items.length;
  expect(await giveBack(ann, first)).toMatchObject({ status: 409, body: { code: 'not_undoable' } });
  expect(await giveBack(bob, second)).toMatchObject({ status: 409, body: { code: 'not_undoable' } });
  expect(await giveBack(bob, first)).toMatchObject({ status: 200, body: { aliases: { champion: first } } });
  expect((await bob('GET', `/models/back/versions/${first}/gates`)).body.items).toHaveLength(before);
  expect((await bob('GET', `/models/back/versions/${first}/gates`)).body.items.filter((each: { override: unknown }) => each.override !== null)).toEqual([]);
  expect((await bob('GET', `/promotions/${id}`)).body).toMatchObject({ status: 'approved', replaced: first });
  await app.call('PUT', '/models/back/gates', { requireApproval: true });
  expect(await giveBack(bob, second)).toMatchObject({ status: 409, body: { code: 'approval_required' } });
});

test('a version that fails its gates is not approved by a plain yes; the promotion stays open', async () => {
  const { version } = await registry.version('weak', { accuracy: 0.5 });
  await app.call('PUT', '/models/weak/gates', { thresholds: [{ metric: 'accuracy', comparator: '>=', value: 0.9 }] });
  const promotion = await ask('weak', version);
  expect(promotion.gates).toMatchObject({ verdict: 'failed' });
  expect(await bob('POST', `/promotions/${promotion.id}/approve`, comment)).toMatchObject({ status: 409, body: { code: 'gates_failed', errors: [{ path: 'threshold:accuracy' }] } });
  expect((await bob('GET', `/promotions/${promotion.id}`)).body).toMatchObject({ status: 'open', gates: { verdict: 'failed', evaluatedBy: 'token:bob' } });
  expect(await championOf('weak')).toBeUndefined();
  const forced = await bob('POST', `/promotions/${promotion.id}/approve`, { ...comment, overrideGates: true });
  expect(forced).toMatchObject({ status: 200, body: { status: 'approved', gates: { override: { by: 'token:bob', comment: comment.comment } } } });
  expect(await championOf('weak')).toBe(version);
});

test('a comment is due, and the permission', async () => {
  const { version } = await registry.version('strict', {});
  const promotion = await ask('strict', version);
  for (const body of [{}, { comment: '' }, { comment: '  ' }]) {
    expect(await bob('POST', `/promotions/${promotion.id}/approve`, body)).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  }
  const carol = registry.as(await registry.token('carol', 'registry:read', 'registry:write'));
  expect(await carol('POST', `/promotions/${promotion.id}/approve`, comment)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await carol('POST', `/promotions/${promotion.id}/withdraw`, {})).toMatchObject({ status: 403, body: { code: 'not_yours' } });
  expect(await ann('POST', `/models/strict/versions/${version}/promotions`, {})).toMatchObject({ status: 409, body: { code: 'promotion_open' } });
  expect(await ann('POST', `/models/strict/versions/99/promotions`, {})).toMatchObject({ status: 404, body: { code: 'no_such_version' } });
  expect(await ann('POST', `/models/strict/versions/${version}/promotions`, { alias: 'v1' })).toMatchObject({ status: 400, body: { code: 'invalid_alias' } });
});

test('it is rejected by another, withdrawn by who asked, and expires by itself; then it may be asked again', async () => {
  const { version } = await registry.version('ended', {});
  const first = await ask('ended', version);
  expect(await bob('POST', `/promotions/${first.id}/reject`, { comment: 'no' })).toMatchObject({ status: 200, body: { status: 'rejected', decidedBy: 'token:bob', comment: 'no' } });
  const second = await ask('ended', version);
  expect(await ann('POST', `/promotions/${second.id}/withdraw`, {})).toMatchObject({ status: 200, body: { status: 'withdrawn', decidedBy: 'token:ann', comment: null } });
  const third = await ask('ended', version, { expiresInSeconds: 1 });
  await until(async () => (await bob('GET', `/promotions/${third.id}`)).body.status === 'expired', 5_000);
  expect(await bob('POST', `/promotions/${third.id}/approve`, comment)).toMatchObject({ status: 409, body: { code: 'promotion_closed' } });
  await ask('ended', version);
  const list = (await bob('GET', '/models/ended/promotions?limit=3')).body;
  expect(list.items.map((p: Promotion) => p.status)).toEqual(['open', 'expired', 'withdrawn']);
  expect((await bob('GET', `/models/ended/promotions?limit=3&cursor=${list.nextCursor}`)).body.items.map((p: Promotion) => p.status)).toEqual(['rejected']);
  expect((await bob('GET', '/models/ended/promotions?status=withdrawn')).body.items).toHaveLength(1);
  expect(await championOf('ended')).toBeUndefined();
  const waiting = (await bob('GET', '/promotions?status=open')).body.items as Promotion[];
  expect(waiting.filter(p => p.model === 'ended')).toEqual([list.items[0]]);
  expect(new Set(waiting.map(p => p.status))).toEqual(new Set(['open']));
});

test('one person alone approves only where the model says so', async () => {
  const { version } = await registry.version('alone', {});
  const { id } = (await app.call('POST', `/models/alone/versions/${version}/promotions`, {})).body;
  expect(await app.call('POST', `/promotions/${id}/approve`, comment)).toMatchObject({ status: 403, body: { code: 'own_request' } });
  await app.call('PUT', '/models/alone/gates', { selfApproval: true });
  expect(await app.call('POST', `/promotions/${id}/approve`, comment)).toMatchObject({ status: 200, body: { status: 'approved', requestedBy: 'owner', decidedBy: 'owner' } });
  expect(await championOf('alone')).toBe(version);
});

test('of two who decide at once one is heard', async () => {
  const { version } = await registry.version('twice', {});
  const { id } = await ask('twice', version);
  const replies = await Promise.all([bob('POST', `/promotions/${id}/approve`, comment), bob('POST', `/promotions/${id}/reject`, comment)]);
  expect(replies.map(r => r.status).sort()).toEqual([200, 409]);
  const { status } = (await bob('GET', `/promotions/${id}`)).body;
  expect(await championOf('twice')).toBe(status === 'approved' ? version : undefined);
});

test('each change is a CloudEvent for those who asked, expiry without anybody looking', async () => {
  const events = ['promotion.requested', 'promotion.approved', 'promotion.rejected', 'promotion.withdrawn', 'promotion.expired', 'model_gates.changed', 'model_gates.evaluated', 'model_gates.overridden', 'model_version_alias.created'];
  await app.call('POST', '/webhooks', { name: 'all', url: receiver.url, events });
  const { version } = await registry.version('told', { m: 1 });
  await app.call('PUT', '/models/told/gates', { thresholds: [{ metric: 'm', comparator: '>', value: 2 }] });
  const rejected = await ask('told', version);
  await bob('POST', `/promotions/${rejected.id}/reject`, comment);
  const withdrawn = await ask('told', version);
  await ann('POST', `/promotions/${withdrawn.id}/withdraw`, {});
  await ask('told', version, { alias: 'staging', expiresInSeconds: 1 });
  const approved = await ask('told', version);
  await bob('POST', `/promotions/${approved.id}/approve`, { ...comment, overrideGates: true });
  const all = await until(() => receiver.of('slipway.promotion.expired').length === 1 && receiver.received, 20_000);
  expect(new Set(all.map(eventOf))).toEqual(new Set(events.map(e => (e === 'model_version_alias.created' ? e : `slipway.${e}`))));
  const [news] = receiver.of('slipway.promotion.approved');
  expect(news!.headers['content-type']).toBe('application/cloudevents+json');
  expect(JSON.parse(news!.body)).toEqual({
    specversion: '1.0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    source: '/api/v1/models/told',
    type: 'slipway.promotion.approved',
    subject: 'told',
    time: expect.stringMatching(/Z$/),
    datacontenttype: 'application/json',
    data: expect.objectContaining({ id: approved.id, version, alias: 'champion', status: 'approved', decidedBy: 'token:bob', gates: { id: expect.any(String), verdict: 'failed', failed: ['threshold:m'] } })
  });
});
