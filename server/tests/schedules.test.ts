import { setTimeout as sleep } from 'node:timers/promises';
import type { Approval, Job, PipelineSchedule, ScheduleFire } from '@slipway/schema';
import { silentLog } from '../src/core/log';
import { createScheduleLoop, type ScheduledRun } from '../src/pipelines/schedule-loop';
import { DAILY, isOver, runsOf, savePipeline } from './proved-pipeline';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(180_000);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
  await savePipeline(app, 'daily', DAILY);
});
afterAll(() => app.stop());

const add = (spec: object) => app.call('POST', '/pipelines/daily/schedules', spec);
const remove = async (): Promise<void> => {
  for (const { id } of (await app.call('GET', '/pipelines/daily/schedules')).body.items) {
    await app.call('DELETE', `/schedules/${id}`);
  }
};
const firesOf = async (id: string): Promise<ScheduleFire[]> => (await app.call('GET', `/schedules/${id}/fires?limit=500`)).body.items;
/** As after time away: the next fire time is one of the past. */
const rewind = (id: string, to: Date) => app.database.db.updateTable('schedule').set({ next_fire_at: to }).where('id', '=', id).execute();
const midnight = (daysAgo: number): Date => new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000 - daysAgo * 86_400_000);
afterEach(remove);

test('a pipeline has several schedules, each with params of its own and some of the data interval', async () => {
  const bindings = [
    { param: 'DAY', from: 'dataIntervalStart', format: 'yyyy-MM-dd' },
    { param: 'YEAR', from: 'dataIntervalEnd', format: 'yyyy' }
  ];
  const { body: nightly, status } = await add({ name: 'nightly', cron: '0 0 * * *', bindings });
  expect(status).toBe(201);
  expect((await add({ name: 'often', intervalMs: 3_600_000, params: { DAY: 'now' } })).status).toBe(201);
  expect((await app.call('GET', '/pipelines/daily/schedules')).body.items.map((s: PipelineSchedule) => s.name)).toEqual(['nightly', 'often']);
  expect(await add({ name: 'nightly', cron: '0 1 * * *' })).toMatchObject({ status: 409, body: { code: 'schedule_exists' } });
  await rewind(nightly.id, midnight(0));
  const run = await until(async () => (await runsOf(app, 'daily')).find(r => r.trigger === 'schedule'));
  const day = midnight(1).toISOString();
  expect(run).toMatchObject({ dataInterval: { start: day, end: midnight(0).toISOString() }, params: { DAY: day.slice(0, 10), YEAR: Number(midnight(0).toISOString().slice(0, 4)) }, origin: { schedule: { id: nightly.id, name: 'nightly' } } });
  expect((await app.call('GET', '/pipelines/daily')).body.nextFireAt).not.toBeNull();
});

test('`all` makes up for each time missed in order, and `none` for nothing', async () => {
  const { body: all } = await add({ name: 'all', cron: '0 0 * * *', catchUp: 'all', maxCatchUp: 3, params: { DAY: 'all' } });
  const { body: none } = await add({ name: 'none', cron: '0 0 * * *', catchUp: 'none', params: { DAY: 'none' } });
  await Promise.all([rewind(all.id, midnight(5)), rewind(none.id, midnight(5))]);
  const made = await until(async () => {
    const runs = (await runsOf(app, 'daily')).filter(r => r.origin.schedule?.id === all.id);
    return runs.length === 3 && runs.every(isOver) && runs;
  });
  expect(made.map(r => r.dataInterval!.end)).toEqual([0, 1, 2].map(n => midnight(n).toISOString()));
  await until(async () => (await app.call('GET', `/schedules/${none.id}`)).body.note?.includes('makes up for nothing'));
  expect(await firesOf(none.id)).toEqual([]);
  expect((await app.call('GET', `/schedules/${all.id}`)).body.note).toContain('the newest 3 are made up for and 3 are not');
});

test('while a run goes on a fire is skipped, or waits, or takes its place', async () => {
  const slow = { params: { WAIT: 20, DAY: 'slow' }, cron: '* * * * * *' };
  const { body: skip } = await add({ name: 'skip', overlap: 'skip', ...slow });
  await until(async () => (await firesOf(skip.id)).some(f => f.state === 'skipped'));
  const fires = await firesOf(skip.id);
  expect(fires.filter(f => f.state === 'started')).toHaveLength(1);
  expect(fires.find(f => f.state === 'skipped')!.note).toMatch(/the scheduled run before was still under way/);
  await app.call('PUT', `/schedules/${skip.id}`, { name: 'skip', ...slow, overlap: 'replace' });
  const replaced = await until(async () => {
    const runs = (await runsOf(app, 'daily')).filter(r => r.origin.schedule?.id === skip.id);
    return runs.length >= 2 && runs.some(r => r.status === 'cancelled') && runs;
  });
  await app.call('PUT', `/schedules/${skip.id}`, { name: 'skip', ...slow, overlap: 'queue', maxCatchUp: 2 });
  const queued = await until(async () => {
    const { body } = await app.call('GET', `/schedules/${skip.id}`);
    return body.waiting >= 2 && body;
  });
  expect(queued.waiting).toBeLessThanOrEqual(3);
  await remove();
  for (const run of await runsOf(app, 'daily')) {
    await app.call('POST', `/pipeline-runs/${run.runId}/cancel`);
  }
  expect(replaced.length).toBeGreaterThan(1);
});

test('a run that is replaced still tidies up after itself', async () => {
  const cells = {
    work: 'import time\nfrom sklearn.metrics import mean_absolute_error\nWAIT = 0.0\ntime.sleep(WAIT)\nmae = mean_absolute_error([0.0], [1.0])\nprint(mae)',
    tidy: 'import time\ntime.sleep(2.5)\nprint("tidied")'
  };
  const steps = Object.keys(cells);
  await savePipeline(app, 'tidy', cells, { sinks: steps, grouping: steps.map(name => ({ name, cells: [name] })) });
  await app.call('PUT', '/pipelines/tidy/options', { steps: { tidy: { isExitHandler: true } } });
  const { body } = await app.call('POST', '/pipelines/tidy/schedules', { name: 'often', cron: '* * * * * *', overlap: 'replace', params: { WAIT: 60.5 } });
  const replaced = await until(async () => (await runsOf(app, 'tidy')).find(isOver));
  expect(await app.call('DELETE', `/schedules/${body.id}`)).toMatchObject({ status: 200 });
  expect(replaced).toMatchObject({ status: 'cancelled', trigger: 'schedule' });
  expect(replaced.steps.map(s => [s.name, s.status])).toEqual([['work', 'cancelled'], ['tidy', 'succeeded']]);
  for (const run of (await runsOf(app, 'tidy')).filter(r => !isOver(r))) {
    await app.call('POST', `/pipeline-runs/${run.runId}/cancel`);
  }
});

test('what could never run is refused at save with its place', async () => {
  const path = (reply: { body: { errors?: { path: string }[] } }) => reply.body.errors?.[0]?.path;
  expect(await add({ name: 'x', cron: '61 * * * *' })).toMatchObject({ status: 400, body: { code: 'invalid_cron' } });
  expect(await add({ name: 'x', cron: '0 3 * * *', timeZone: 'Mars/Olympus' })).toMatchObject({ status: 400, body: { code: 'unknown_time_zone' } });
  expect(await add({ name: 'x' })).toMatchObject({ status: 400, body: { code: 'invalid_timing' } });
  expect(await add({ name: 'x', intervalMs: 500 })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await add({ name: 'x', cron: '0 3 * * *', endAt: '2020-01-01T00:00:00Z' })).toMatchObject({ status: 400, body: { code: 'never_fires' } });
  expect(await add({ name: 'x', cron: '0 3 * * *', params: { NOPE: 1 } })).toMatchObject({ status: 400, body: { code: 'unknown_param' } });
  const bound = await add({ name: 'x', cron: '0 3 * * *', bindings: [{ param: 'DAY', from: 'dataIntervalEnd' }, { param: 'NOPE', from: 'dataIntervalEnd' }] });
  expect([bound.status, bound.body.code, path(bound)]).toEqual([400, 'unknown_param', 'bindings.1.param']);
  const format = await add({ name: 'x', cron: '0 3 * * *', bindings: [{ param: 'DAY', from: 'dataIntervalEnd', format: 'YYYY' }] });
  expect([format.status, format.body.code, path(format)]).toEqual([400, 'invalid_format', 'bindings.0.format']);
  expect(await add({ name: 'x', cron: '0 3 * * *', bindings: [{ param: 'YEAR', from: 'dataIntervalEnd', format: "'y'yyyy" }] })).toMatchObject({ status: 400, body: { code: 'param_type' } });
});

test('a preview tells fire times and what the bound params would be', async () => {
  const { body } = await app.call('POST', '/schedule-previews', { cron: '30 2 * * *', timeZone: 'Europe/Berlin', startAt: '2027-03-27T12:00:00Z', count: 3, bindings: [{ param: 'DAY', from: 'dataIntervalEnd', format: 'yyyy-MM-dd HH:mm' }] });
  expect(body.fires.map((f: { params: object }) => f.params)).toEqual([{ DAY: '2027-03-28 03:30' }, { DAY: '2027-03-29 02:30' }, { DAY: '2027-03-30 02:30' }]);
});

describe('the loop, on a clock of its own', () => {
  let now = new Date();
  const started: string[] = [];
  const daemon = () =>
    createScheduleLoop({
      ...app.database,
      events: { append: async () => undefined } as never,
      log: silentLog,
      clock: () => now,
      startRun: (_pipeline: string, run: ScheduledRun, inTx) =>
        app.database.db.transaction().execute(async tx => {
          const id = crypto.randomUUID();
          await inTx(tx, id);
          started.push(run.origin.schedule!.fireAt);
          return id;
        }),
      replaceRun: async () => undefined
    });

  test('of three daemons one starts each time, and a clock set back fires nothing twice', async () => {
    // Far ahead: the app's own daemon, on the real clock, leaves it alone.
    now = new Date('2031-05-01T12:00:30Z');
    const { body } = await add({ name: 'ahead', cron: '* * * * *', startAt: '2031-05-01T12:01:00Z', maxConcurrent: 100 });
    const daemons = [daemon(), daemon(), daemon()];
    await Promise.all(daemons.map(d => d.start()));
    for (const minute of [1, 2, 3]) {
      now = new Date(Date.UTC(2031, 4, 1, 12, minute, 0, 200));
      await until(() => started.length === minute);
    }
    await sleep(1_500);
    expect(started.sort()).toEqual(['2031-05-01T12:01:00.000Z', '2031-05-01T12:02:00.000Z', '2031-05-01T12:03:00.000Z']);
    // An hour back: 12:03 is still ahead of what comes next, and what has fired has fired.
    now = new Date('2031-05-01T12:01:30Z');
    await until(async () => (await app.call('GET', `/schedules/${body.id}`)).body.nextFireAt === '2031-05-01T12:02:00.000Z');
    now = new Date('2031-05-01T12:04:00.100Z');
    await until(() => started.length === 4);
    await sleep(1_500);
    expect(started.at(-1)).toBe('2031-05-01T12:04:00.000Z');
    expect(started).toHaveLength(4);
    await Promise.all(daemons.map(d => d.stop()));
  });
});

test('its runs are those of who wrote it, or changed it last: that one may not approve them', async () => {
  const cells = { load: 'from sklearn.metrics import mean_absolute_error\nvalue = 1.0', score: 'mae = mean_absolute_error([0.0], [value])\nprint(mae)' };
  const steps = Object.keys(cells);
  await savePipeline(app, 'signed', cells, { sinks: steps, grouping: steps.map(name => ({ name, cells: [name] })) });
  await app.call('PUT', '/pipelines/signed/options', { humanSteps: [{ name: 'sign off', after: ['load'], before: ['score'] }] });
  const spec = { name: 'often', cron: '* * * * * *', overlap: 'skip' };
  const { body } = await app.call('POST', '/pipelines/signed/schedules', spec);
  const madeBy = (name: string | null) => app.database.db.updateTable('schedule').set({ created_by: name }).where('id', '=', body.id).execute();
  /** What is asked about a run of theirs; those of others are cancelled. */
  const askedBy = (name: string): Promise<Approval> =>
    until(async () => {
      const open = (await app.call('GET', '/approvals?status=open')).body.items as Approval[];
      const others = open.filter(a => a.requestedBy !== name);
      await Promise.all(others.map(a => app.call('POST', `/pipeline-runs/${a.runId}/cancel`)));
      return open.find(a => a.requestedBy === name);
    });
  const mine = await askedBy('owner');
  expect(mine.mayNotDecide).toContain('Somebody else');
  expect(await app.call('POST', `/pipeline-runs/${mine.runId}/steps/sign%20off/decision`, { decision: 'approve' })).toMatchObject({ status: 403, body: { code: 'own_run' } });
  expect(((await app.call('GET', '/jobs?mine=true&limit=500')).body.items as Job[]).map(j => j.owner)).toContain(mine.runId);
  await madeBy('token:ann');
  expect((await askedBy('token:ann')).mayNotDecide).toBeNull();
  await app.call('PUT', `/schedules/${body.id}`, spec);
  expect((await app.database.db.selectFrom('schedule').select('created_by').where('id', '=', body.id).executeTakeFirst())?.created_by).toBe('token:ann');
  await app.call('PUT', `/schedules/${body.id}`, { ...spec, overlap: 'queue' });
  await askedBy('owner');
  // One that was there before its author was kept.
  await madeBy(null);
  expect((await askedBy('schedule')).mayNotDecide).toBeNull();
  await app.call('DELETE', `/schedules/${body.id}`);
});
