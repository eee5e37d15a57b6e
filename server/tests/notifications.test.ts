import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SentNotification } from '@slipway/schema';
import { SMTPServer } from 'smtp-server';
import { DAILY, isOver, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(180_000);

let app: RunningApp;
const mailServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo: ({ address }, _session, done) => done(address.startsWith('gone') ? new Error('No such person here') : null),
  onData(stream, _session, done) {
    stream.resume().on('end', () => done());
  }
});
const hookServer = createServer((request, response) => void request.resume().on('end', () => response.writeHead(500).end()));

beforeAll(async () => {
  await new Promise<void>(resolve => mailServer.listen(0, '127.0.0.1', () => resolve()));
  await new Promise<void>(resolve => hookServer.listen(0, '127.0.0.1', resolve));
  process.env.SLIPWAY_SMTP_URL = `smtp://127.0.0.1:${(mailServer.server.address() as AddressInfo).port}`;
  process.env.SLIPWAY_WEBHOOK_ALLOWED_HOSTS = '127.0.0.1';
  app = await startApp();
  await savePipeline(app, 'daily', DAILY);
});
afterAll(async () => {
  await app.stop();
  await new Promise<void>(resolve => mailServer.close(() => resolve()));
  hookServer.close();
});

const list = async (query: string): Promise<SentNotification[]> => (await app.call('GET', `/notifications?${query}`)).body.items;

test('what nobody takes is given up, and said: on the run, of the pipeline, and as an event; a URL is not shown whole', async () => {
  const hook = `http://127.0.0.1:${(hookServer.address() as AddressInfo).port}`;
  const to = [{ email: ['gone@example.org'] }, { email: ['here@example.org'] }, { webhook: `${hook}/a-secret-token` }];
  expect(await app.call('PUT', '/pipelines/daily/options', { notifications: to.map(each => ({ on: ['succeeded'], to: each })) })).toMatchObject({ status: 200 });
  const { runId } = (await app.call('POST', '/pipelines/daily/runs', {})).body;
  await until(async () => isOver((await app.call('GET', `/pipeline-runs/${runId}`)).body));
  const tried = await until(async () => {
    const items = await list(`runId=${runId}`);
    return items.length === 3 && items.every(n => n.attempts > 0 && (n.status === 'delivered' || n.reason !== null)) && items;
  });
  expect(tried.filter(n => n.status === 'pending').map(n => n.to.address).sort()).toEqual([`${hook}/…`, 'gone@example.org'].sort());
  expect(await list(`runId=${runId}&status=failed`)).toEqual([]);

  // As after half an hour.
  await app.database.db.updateTable('notification').set({ attempts: 11, next_attempt_at: new Date() }).where('status', '=', 'pending').execute();
  const failed = await until(async () => {
    const items = await list('pipeline=daily&status=failed');
    return items.length === 2 && items;
  });
  const [mail, webhook] = ['email', 'webhook'].map(kind => failed.find(n => n.to.kind === kind));
  expect(mail).toMatchObject({ runId, pipeline: 'daily', occasion: 'succeeded', to: { address: 'gone@example.org' }, attempts: 12, reason: expect.stringContaining('No such person here'), endedAt: expect.any(String) });
  expect(webhook).toMatchObject({ to: { address: `${hook}/…` }, reason: 'Answered 500.' });
  expect(JSON.stringify(failed)).not.toContain('a-secret-token');
  expect((await list('status=delivered')).map(n => n.to.address)).toEqual(['here@example.org']);
  expect(await list('pipeline=another')).toEqual([]);
  const news = await app.database.db.selectFrom('event').select(['subject', 'data']).where('type', '=', 'notification.failed').execute();
  expect(news).toHaveLength(2);
  expect(news).toContainEqual({ subject: runId, data: { pipeline: 'daily', reason: 'Answered 500.' } });
});
