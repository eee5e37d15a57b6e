import type { Backfill, BackfillItem } from '@slipway/schema';
import { DAILY, isOver, runsOf, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(180_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  await savePipeline(app, 'daily', DAILY);
});
afterAll(() => app.stop());

const RANGE = { from: '2026-02-01T00:00:00Z', to: '2026-02-06T00:00:00Z', timing: { cron: '0 0 * * *' }, bindings: [{ param: 'DAY', from: 'dataIntervalStart', format: 'yyyy-MM-dd' }] };
const create = (more: object = {}) => app.call('POST', '/pipelines/daily/backfills', { ...RANGE, ...more });
const over = (id: string): Promise<Backfill> =>
  until(async () => {
    const { body } = await app.call('GET', `/backfills/${id}`);
    return !['running', 'paused'].includes(body.state) && (body as Backfill);
  });
const itemsOf = async (id: string): Promise<BackfillItem[]> => (await app.call('GET', `/backfills/${id}/items?limit=500`)).body.items;

test('a preview tells its intervals and params, and starts nothing', async () => {
  const { body } = await app.call('POST', '/pipelines/daily/backfill-previews', { ...RANGE, order: 'newest' });
  expect(body).toMatchObject({ total: 5, leftOut: 0 });
  expect(body.intervals.map((i: { params: { DAY: string } }) => i.params.DAY)).toEqual(['2026-02-05', '2026-02-04', '2026-02-03', '2026-02-02', '2026-02-01']);
  expect(await runsOf(app, 'daily')).toEqual([]);
});

test('every interval gets its run, never more at once than the cap; what failed is run again, the rest is not', async () => {
  const { body, status } = await create({ maxConcurrent: 2, params: { WAIT: 0.2 } });
  expect(status).toBe(201);
  const ended = await over(body.id);
  expect(ended).toMatchObject({ state: 'failed', counts: { total: 5, succeeded: 4, failed: 1 } });
  const runs = (await runsOf(app, 'daily')).filter(r => r.origin.backfill?.id === body.id);
  expect(runs.map(r => [r.params.DAY, r.dataInterval!.start.slice(0, 10)]).sort()).toEqual([1, 2, 3, 4, 5].map(d => [`2026-02-0${d}`, `2026-02-0${d}`]));
  const times = runs.flatMap(r => [[Date.parse(r.createdAt), 1], [Date.parse(r.endedAt!), -1]] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [now, most] = [0, 0];
  times.forEach(([, by]) => (most = Math.max(most, (now += by))));
  expect(most).toBeLessThanOrEqual(2);

  const again = await app.call('POST', `/backfills/${body.id}/retry-failed`);
  expect(again.body).toMatchObject({ state: 'running', counts: { waiting: 1, succeeded: 4 } });
  await over(body.id);
  expect((await itemsOf(body.id)).map(i => [i.state, i.tries])).toEqual([['succeeded', 1], ['succeeded', 1], ['failed', 2], ['succeeded', 1], ['succeeded', 1]]);
  const inState = async (state: string, more = ''): Promise<number[]> => (await app.call('GET', `/backfills/${body.id}/items?state=${state}${more}`)).body.items.map((i: BackfillItem) => i.ordinal);
  expect([await inState('failed'), await inState('succeeded', '&limit=2&cursor=0'), await inState('running')]).toEqual([[2], [1, 3], []]);
  const missing = await app.call('POST', '/pipelines/daily/backfill-previews', { ...RANGE, only: 'missing' });
  expect(missing.body).toMatchObject({ total: 1, leftOut: 4 });
});

test('what is given beside a schedule goes before what the schedule binds and fixes', async () => {
  const { body: schedule } = await app.call('POST', '/pipelines/daily/schedules', { name: 'both', cron: '0 0 * * *', isPaused: true, params: { YEAR: 2025 }, bindings: [{ param: 'DAY', from: 'dataIntervalStart' }] });
  const paramsWith = async (more: object) => (await app.call('POST', '/pipelines/daily/backfill-previews', { from: RANGE.from, to: RANGE.to, schedule: schedule.id, ...more })).body.intervals?.[0].params;
  expect(await paramsWith({})).toEqual({ YEAR: 2025, DAY: '2026-02-01T00:00:00.000Z' });
  expect(await paramsWith({ params: { DAY: 'always' } })).toEqual({ YEAR: 2025, DAY: 'always' });
  expect(await paramsWith({ bindings: [{ param: 'YEAR', from: 'dataIntervalStart', format: 'yyyy' }] })).toEqual({ YEAR: 2026 });
});

test('conditions see the data interval of their run', async () => {
  await savePipeline(app, 'later', DAILY, { sinks: ['work', 'score'], grouping: ['work', 'score'].map(id => ({ name: id, cells: id === 'work' ? ['setup', 'work'] : [id] })) });
  const when = 'run.dataIntervalStart != null && timestamp(run.dataIntervalStart) >= timestamp("2026-02-02T00:00:00Z") && run.dataIntervalEnd.startsWith("2026-02-03")';
  expect(await app.call('PUT', '/pipelines/later/options', { steps: { score: { when } } })).toMatchObject({ status: 200 });
  const { body } = await app.call('POST', '/pipelines/later/backfills', { ...RANGE, to: '2026-02-03T00:00:00Z' });
  await over(body.id);
  const scored = (await runsOf(app, 'later')).map(r => [r.dataInterval!.start.slice(0, 10), r.steps.find(s => s.name === 'score')!.status]).sort();
  expect(scored).toEqual([['2026-02-01', 'skipped'], ['2026-02-02', 'succeeded']]);
});

test('paused it starts nothing more, cancelled its runs end', async () => {
  const { body } = await create({ params: { WAIT: 30.5 }, maxConcurrent: 2, bindings: [] });
  await until(async () => (await app.call('GET', `/backfills/${body.id}`)).body.counts.running === 2);
  expect((await app.call('POST', `/backfills/${body.id}/pause`)).body.state).toBe('paused');
  expect(await app.call('POST', `/backfills/${body.id}/pause`)).toMatchObject({ status: 409, body: { code: 'backfill_state' } });
  const cancelled = await app.call('POST', `/backfills/${body.id}/cancel`);
  expect(cancelled.body.state).toBe('cancelled');
  await until(async () => (await runsOf(app, 'daily')).filter(r => r.origin.backfill?.id === body.id).every(isOver));
  expect((await itemsOf(body.id)).map(i => i.state).sort()).toEqual(['cancelled', 'cancelled', 'waiting', 'waiting', 'waiting']);
});

test('a backfill that could not run is refused with its place', async () => {
  expect(await create({ to: RANGE.from })).toMatchObject({ status: 400, body: { code: 'empty_range', errors: [{ path: 'to' }] } });
  expect(await create({ to: '2026-02-01T12:00:00Z' })).toMatchObject({ status: 400, body: { code: 'nothing_to_backfill' } });
  expect(await create({ timing: { intervalMs: 1_000 } })).toMatchObject({ status: 400, body: { code: 'too_many_intervals' } });
  expect(await create({ timing: undefined })).toMatchObject({ status: 400, body: { code: 'no_timing' } });
  expect(await create({ params: { NOPE: 1 } })).toMatchObject({ status: 400, body: { code: 'unknown_param' } });
  expect(await app.call('POST', '/pipelines/nobody/backfills', RANGE)).toMatchObject({ status: 404 });
});
