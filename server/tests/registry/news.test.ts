import { REGISTRY_EVENTS } from '@slipway/schema';
import { startApp, until, type RunningApp } from '../running-app';
import { eventOf, startReceiver } from '../webhooks/receiver';
import { registryOf } from './registry-fixtures';

jest.setTimeout(60_000);

let app: RunningApp;
let registry: ReturnType<typeof registryOf>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  receiver = await startReceiver();
  process.env.SLIPWAY_WEBHOOK_ALLOWED_HOSTS = new URL(receiver.url).host;
  app = await startApp();
  registry = registryOf(app);
});
afterAll(async () => {
  await app.stop();
  await receiver.stop();
});

test('whatever is changed in the registry is a CloudEvent, each change told once', async () => {
  const events = REGISTRY_EVENTS.filter(e => !e.startsWith('promotion.'));
  await app.call('POST', '/webhooks', { name: 'all', url: receiver.url, events });
  const { version } = await registry.version('told', {});
  await app.call('PUT', '/models/told/gates', { latency: { p95Ms: 5 } });
  await app.call('PUT', '/models/told/aliases/champion', { version, overrideComment: 'it must be' });
  await registry.mlflow('POST', '/model-versions/transition-stage', { name: 'told', version, stage: 'Production' });
  await app.call('PATCH', `/models/told/versions/${version}`, { description: 'x' });
  await app.call('PATCH', `/models/told/versions/${version}/card`, { revision: 0, sections: { summary: 'x' } });
  await registry.mlflow('PATCH', '/registered-models/update', { name: 'told', description: 'x' });
  await registry.mlflow('POST', '/registered-models/set-tag', { name: 'told', key: 'k', value: 'v' });
  await registry.mlflow('DELETE', '/registered-models/delete-tag', { name: 'told', key: 'k' });
  await until(() => receiver.of('slipway.model_latency.measured').length === 1, 20_000);
  await registry.mlflow('DELETE', '/model-versions/delete', { name: 'told', version });
  await registry.mlflow('POST', '/registered-models/rename', { name: 'told', new_name: 'retold' });
  await registry.mlflow('DELETE', '/registered-models/delete', { name: 'retold' });

  const all = await until(() => receiver.of('slipway.registered_model.deleted').length === 1 && new Set(receiver.received.map(eventOf)).size === events.length && receiver.received, 20_000);
  const counts = new Map<string, number>();
  all.map(eventOf).forEach(type => counts.set(type, (counts.get(type) ?? 0) + 1));
  // Evaluated as it became champion, and once more when its latency was known.
  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(events.map(e => [`slipway.${e}`, e === 'model_gates.evaluated' ? 2 : 1])));
  const dataOf = (type: string): unknown => (JSON.parse(receiver.of(type)[0]!.body) as { data: unknown }).data;
  expect(dataOf('slipway.model_version_stage.changed')).toEqual({ name: 'told', version, from: 'None', to: 'Production', by: 'owner' });
  expect(dataOf('slipway.registered_model.renamed')).toEqual({ name: 'retold', from: 'told', by: 'owner' });
  expect(dataOf('slipway.model_latency.measured')).toMatchObject({ name: 'told', version, failure: expect.stringContaining('neither an input example') });
});
