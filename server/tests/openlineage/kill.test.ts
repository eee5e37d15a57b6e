import { Home } from '../daemon/slipway';
import { hookSession, metric } from '../lineage/hook-session';
import { until } from '../running-app';
import { startReceiver } from '../webhooks/receiver';

jest.setTimeout(240_000);

test('a daemon killed while it sends goes on after its restart: the same event again, then the next', async () => {
  const home = new Home();
  const receiver = await startReceiver();
  receiver.answers = [null];
  home.extraEnv = { SLIPWAY_OPENLINEAGE_URL: new URL(receiver.url).origin, SLIPWAY_LOG_LEVEL: 'error' };
  try {
    const first = await home.serve('--home', home.folder, '--port', '0');
    const call = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${first.url}/api/v1${path}`, { method, headers: { 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) });
      return { status: response.status, body: await response.json() };
    };
    await hookSession({ call }, '/w/killed.ipynb').run({ id: 'fit', source: 'score = fit(1)', bound: ['score'], metrics: [metric('score', 0.5)] });
    await until(() => receiver.received.length === 1);
    await first.kill('SIGKILL');
    receiver.answers = [200];
    await home.serve('--home', home.folder, '--port', '0');
    const received = await until(() => receiver.received.length >= 3 && receiver.received);
    expect(received[1]!.body).toBe(received[0]!.body);
    expect(received.map(r => JSON.parse(r.body).eventType)).toEqual(['START', 'START', 'COMPLETE']);
  } finally {
    await home.remove();
    await receiver.stop();
  }
});
