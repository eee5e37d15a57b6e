import type { WebhookDelivery } from '@slipway/schema';
import { Home } from '../daemon/slipway';
import { until } from '../running-app';
import { startReceiver } from './receiver';

jest.setTimeout(240_000);

test('a daemon killed in the middle of a delivery makes it again after its restart', async () => {
  const home = new Home();
  const receiver = await startReceiver();
  receiver.answers = [null];
  home.extraEnv = { SLIPWAY_WEBHOOK_ALLOWED_HOSTS: '127.0.0.1', SLIPWAY_LOG_LEVEL: 'error' };
  const call = async (url: string, method: string, path: string, body?: unknown): Promise<unknown> =>
    (await fetch(`${url}/api${path}`, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) })).json();
  try {
    const first = await home.serve('--home', home.folder, '--port', '0');
    const { id } = (await call(first.url, 'POST', '/v1/webhooks', { name: 'h', url: receiver.url, events: ['registered_model.created'], secret: 's' })) as { id: string };
    await call(first.url, 'POST', '/2.0/mlflow/registered-models/create', { name: 'm' });
    await until(() => receiver.received.length === 1);
    await first.kill('SIGKILL');
    receiver.answers = [200];
    const second = await home.serve('--home', home.folder, '--port', '0');
    const [done] = await until(async () => {
      const { items } = (await call(second.url, 'GET', `/v1/webhooks/${id}/deliveries`)) as { items: WebhookDelivery[] };
      return items[0]?.status === 'delivered' && items;
    });
    expect(done).toMatchObject({ attempts: 2, lastStatus: 200 });
    expect(receiver.received.map(r => r.headers['x-mlflow-delivery-id'])).toEqual([done!.id, done!.id]);
    expect(receiver.received.every(r => String(r.headers['x-mlflow-signature']).startsWith('v1,'))).toBe(true);
  } finally {
    await home.remove();
    await receiver.stop();
  }
});
