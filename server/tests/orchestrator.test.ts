import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Approval, PipelineRun, Proof, StepRun } from '@slipway/schema';
import { SMTPServer } from 'smtp-server';
import { notebook, type TestNotebook } from './notebook-fixtures';
import { startApp, until, type RunningApp } from './running-app';

jest.setTimeout(240_000);

let app: RunningApp;
const mails: { to: string[]; text: string }[] = [];
const mailServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, session, done) {
    let text = '';
    stream.on('data', chunk => (text += String(chunk)));
    stream.on('end', () => {
      mails.push({ to: session.envelope.rcptTo.map(r => r.address), text });
      done();
    });
  }
});
const hooks: { type: string; subject: string; data: Record<string, unknown> }[] = [];
let refusals = 1;
const hookServer = createServer((request, response) => {
  let text = '';
  request.on('data', chunk => (text += String(chunk)));
  request.on('end', () => {
    if (refusals-- > 0) {
      response.writeHead(503).end();
      return;
    }
    hooks.push(JSON.parse(text));
    response.writeHead(204).end();
  });
});

beforeAll(async () => {
  await new Promise<void>(resolve => mailServer.listen(0, '127.0.0.1', () => resolve()));
  await new Promise<void>(resolve => hookServer.listen(0, '127.0.0.1', resolve));
  process.env.SLIPWAY_SMTP_URL = `smtp://127.0.0.1:${(mailServer.server.address() as AddressInfo).port}`;
  process.env.SLIPWAY_WEBHOOK_ALLOWED_HOSTS = '127.0.0.1';
  process.env.SLIPWAY_SECRET_ENVIRONMENT = 'H3_ALLOWED';
  process.env.H3_ALLOWED = 'from-the-environment';
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
  await new Promise<void>(resolve => mailServer.close(() => resolve()));
  hookServer.closeAllConnections();
  hookServer.close();
});

/** Saves a notebook of which each cell is a step of the cell's name; `setup` goes with the first. */
async function save(name: string, book: TestNotebook, cells: string[], options: object = {}): Promise<void> {
  const grouping = cells.map(id => ({ name: id, cells: [id] }));
  const { body, status } = await app.call('POST', '/proofs', { name, notebookPath: book.path, notebook: book.json, sinks: cells, grouping });
  expect([status, body.detail]).toEqual([202, undefined]);
  const proof = await until(async () => {
    const found = (await app.call('GET', `/proofs/${body.id}`)).body as Proof;
    return found.status !== 'running' && found;
  });
  expect(proof).toMatchObject({ status: 'same', differences: [] });
  expect((await app.call('POST', '/pipelines', { proofId: proof.id })).status).toBe(201);
  const set = await app.call('PUT', `/pipelines/${name}/options`, options);
  expect(set).toMatchObject({ status: 200 });
}

const start = async (name: string, body: object = {}): Promise<string> => {
  const started = await app.call('POST', `/pipelines/${name}/runs`, { useCache: false, ...body });
  expect(started).toMatchObject({ status: 201 });
  return started.body.runId;
};
const look = async (runId: string): Promise<PipelineRun> => (await app.call('GET', `/pipeline-runs/${runId}`)).body;
const ended = (runId: string): Promise<PipelineRun> =>
  until(async () => {
    const run = await look(runId);
    return ['succeeded', 'failed', 'cancelled'].includes(run.status) && run;
  });
const run = async (name: string, body: object = {}): Promise<PipelineRun> => ended(await start(name, body));
const states = (of: PipelineRun): Record<string, string> => Object.fromEntries(of.steps.map(s => [s.name, s.status]));
const step = (of: PipelineRun, name: string): StepRun => of.steps.find(s => s.name === name)!;
const textOf = async (runId: string, name: string): Promise<string> => (await app.call('GET', `/pipeline-runs/${runId}/steps/${name}/log`)).body.text;

const METRIC = 'from sklearn.metrics import mean_absolute_error';

describe('conditions', () => {
  const book = notebook({
    load: `${METRIC}\nMODE = "full"\nFAIL = False\nvalue = 2.0\nmae = mean_absolute_error([0.0], [value])\nprint(mae)`,
    big: 'if FAIL:\n    raise ValueError("as asked")\nmodel = value * 10\nprint("big", model)',
    small: 'model = value * 1\nprint("small", model)',
    use: 'result = model + 1\nprint("result", result)',
    report: 'print("status", globals().get("SLIPWAY_RUN_STATUS"), __import__("os").environ.get("SLIPWAY_RUN_STATUS"))'
  });
  const cells = ['load', 'big', 'small', 'use', 'report'];
  const options = { steps: { big: { branch: 'size', when: 'metrics.mae >= 2 && params.MODE == "full"' }, small: { branch: 'size' }, report: { isExitHandler: true } } };

  test('the branch that holds runs, the other tells why not, and what comes after takes the value of the one that ran', async () => {
    await save('branched', book, cells, options);
    const full = await run('branched');
    expect(full.status).toBe('succeeded');
    expect(states(full)).toEqual({ load: 'succeeded', big: 'succeeded', small: 'skipped', use: 'succeeded', report: 'succeeded' });
    expect(step(full, 'small').skippedBecause).toContain('`big` was chosen');
    expect(await textOf(full.runId, 'use')).toContain('result 21.0');
    const less = await run('branched', { params: { MODE: 'quick' } });
    expect(states(less)).toMatchObject({ big: 'skipped', small: 'succeeded', use: 'succeeded' });
    expect(await textOf(less.runId, 'use')).toContain('result 3.0');
  });

  test('steps behind a branch run again on what the chosen side made', async () => {
    const past = await run('branched');
    const { body, status } = await app.call('POST', `/pipeline-runs/${past.runId}/rerun`, { steps: ['use'] });
    expect([status, body.detail]).toEqual([201, undefined]);
    const again = await ended(body.runId);
    expect(again).toMatchObject({ status: 'succeeded', metrics: past.metrics });
    expect(states(again)).toMatchObject({ load: 'succeeded', big: 'succeeded', small: 'skipped', use: 'succeeded' });
  });

  test('an exit handler sees how it ended, whatever that was, and leaves it so', async () => {
    const bad = await run('branched', { params: { FAIL: true } });
    expect(bad).toMatchObject({ status: 'failed', error: 'The step big failed.' });
    expect(states(bad)).toMatchObject({ big: 'failed', use: 'skipped', report: 'succeeded' });
    expect(await textOf(bad.runId, 'report')).toContain('status failed failed');
    const good = await run('branched');
    expect(await textOf(good.runId, 'report')).toContain('status succeeded succeeded');
  });

  test('what makes no sense is refused with its place, and nothing is saved', async () => {
    const refuse = (changed: object) => app.call('PUT', '/pipelines/branched/options', changed);
    const cases: [object, string, RegExp][] = [
      [{ steps: { nope: {} , use: { pool: 'x' } } }, 'invalid_options', /options\.steps\.nope/],
      [{ steps: { use: { when: 'params.NOPE > 1' } } }, 'invalid_options', /options\.steps\.use\.when: No such key: NOPE \(at character 8\)/],
      [{ steps: { load: { when: 'steps["use"].status == "failed"' } } }, 'invalid_options', /options\.steps\.load\.when/],
      [{ steps: { big: { branch: 'x' }, small: { branch: 'x' } } }, 'invalid_options', /only one step may have no condition/],
      [{ steps: { use: { runIf: 'all_done' } } }, 'invalid_options', /takes `model` from `small`/],
      [{ steps: { load: { isExitHandler: true } } }, 'invalid_options', /comes after an exit handler/],
      [{ humanSteps: [{ name: 'ok', after: ['use'], before: ['load'] }] }, 'invalid_options', /circle/],
      [{ steps: { use: { map: { over: 'nothing', as: 'x' } } } }, 'invalid_options', /options\.steps\.use\.map\.over/],
      [{ steps: { use: { map: { over: 'model', as: 'result' } } } }, 'invalid_options', /options\.steps\.use\.map\.as/],
      [{ steps: { use: { pool: 'nowhere' } } }, 'unknown_pool', /options\.steps\.use\.pool/],
      [{ steps: { use: { secrets: { KEY: { secret: 'nobody' } } } } }, 'unknown_secret', /options\.steps\.use\.secrets\.KEY/],
      [{ steps: { use: { secrets: { KEY: { environment: 'HOME' } } } } }, 'unknown_secret', /SLIPWAY_SECRET_ENVIRONMENT/],
      [{ steps: { use: { secrets: { KEY: { file: '../token' } } } } }, 'invalid_options', /secrets\.KEY\.file/],
      [{ notifications: [{ on: ['failed'], to: { webhook: 'http://169.254.169.254/x' } }] }, 'invalid_webhook_url', /./],
      [{ steps: { use: { surprise: 1 } } }, 'invalid_input', /steps\.use/]
    ];
    for (const [changed, code, message] of cases) {
      const refused = await refuse(changed);
      expect([JSON.stringify(changed), refused.status, refused.body.code, refused.body.detail ?? refused.body.message ?? refused.body.title]).toEqual([JSON.stringify(changed), 400, code, expect.stringMatching(message)]);
    }
    const versions = (await app.call('GET', '/pipelines/branched/versions')).body.items;
    expect(versions.map((v: { version: number }) => v.version)).toEqual([2, 1]);
  });
});

describe('a map', () => {
  const book = notebook({
    list: `COUNT = 6\nBAD = -1\nitems = [{"n": i, "t": (i, 1.0)} for i in range(COUNT)]\nitem = items[0]\nother = [object] * 2`,
    work: `${METRIC}\nif item["n"] == BAD:\n    raise ValueError(f"bad item {item}")\nscore = item["n"] * 2.0\nmae = mean_absolute_error([0.0], [score])\nprint("item", item, mae)`,
    gather: 'scores = score if isinstance(score, list) else [score]\ntotal = mean_absolute_error([0.0], [sum(scores)])\nprint("total", total, len(scores))'
  });
  const options = (map: object = {}, more: object = {}) => ({ steps: { work: { map: { over: 'items', as: 'item', ...map }, ...more } } });

  test('runs once for each item of a list known only then, and gathers what they gave in order', async () => {
    await save('mapped', book, ['list', 'work', 'gather'], options({ maxParallel: 3 }));
    const done = await run('mapped');
    expect(done).toMatchObject({ status: 'succeeded', metrics: { total: 30 } });
    expect(step(done, 'work')).toMatchObject({ kind: 'map', items: { total: 6, succeeded: 6, failed: 0, open: 0 } });
    const { body } = await app.call('GET', `/pipeline-runs/${done.runId}/steps/work/items?limit=4`);
    expect(body.items.map((i: { index: number }) => i.index)).toEqual([0, 1, 2, 3]);
    expect(body.items[2]).toMatchObject({ item: "{'n': 2, 't': (2, 1.0)}", status: 'succeeded', hasNotebook: true });
    const rest = await app.call('GET', `/pipeline-runs/${done.runId}/steps/work/items?limit=4&cursor=${body.nextCursor}`);
    expect(rest.body.items.map((i: { index: number }) => i.index)).toEqual([4, 5]);
    expect((await app.call('GET', `/pipeline-runs/${done.runId}/steps/work/log?item=3`)).body.text).toContain("'n': 3");
    expect(JSON.stringify((await app.call('GET', `/pipeline-runs/${done.runId}/steps/work/items/3/notebook`)).body)).toContain("item = {'n': 3");
    const again = await run('mapped', { useCache: true, params: { COUNT: 7 } });
    const items = (await app.call('GET', `/pipeline-runs/${again.runId}/steps/work/items`)).body.items as { cached: boolean }[];
    expect(items.map(i => i.cached)).toEqual([true, true, true, true, true, true, false]);
    expect(again.metrics.total).toBe(42);
  });

  test('an item that fails ends it; a retry runs the failed ones only; with mayFail the others are gathered', async () => {
    const failed = await run('mapped', { params: { BAD: 2 } });
    expect(failed.status).toBe('failed');
    expect(step(failed, 'work').error).toMatchObject({ code: 'items_failed', message: expect.stringContaining('first item 2: ValueError: bad item') });
    const before = (await app.call('GET', `/pipeline-runs/${failed.runId}/steps/work/items`)).body.items as { status: string; attempts: number }[];
    await app.call('POST', `/pipeline-runs/${failed.runId}/retry`, {});
    const again = await ended(failed.runId);
    expect(again.status).toBe('failed');
    const after = (await app.call('GET', `/pipeline-runs/${failed.runId}/steps/work/items`)).body.items as { status: string; attempts: number }[];
    expect(after.map((item, i) => (before[i]!.status === 'succeeded' ? item.attempts - before[i]!.attempts : 0))).toEqual(after.map(() => 0));
    expect(after[2]).toMatchObject({ status: 'failed', attempts: 2 });
    await app.call('PUT', '/pipelines/mapped/options', options({ mayFail: true }));
    const some = await run('mapped', { params: { BAD: 2 } });
    expect(some).toMatchObject({ status: 'succeeded', metrics: { total: 26 } });
    expect(step(some, 'work').items).toMatchObject({ succeeded: 5, failed: 1 });
    expect(await textOf(some.runId, 'gather')).toContain('total 26.0 5');
    // Those that succeeded stay; what comes after runs anew.
    const retry = (runId: string, body: object): ReturnType<RunningApp['call']> => app.call('POST', `/pipeline-runs/${runId}/retry`, body);
    expect(await retry(some.runId, { failedItemsOf: 'work' })).toMatchObject({ status: 200 });
    expect(await ended(some.runId)).toMatchObject({ status: 'succeeded', metrics: { total: 26 } });
    const kept = (await app.call('GET', `/pipeline-runs/${some.runId}/steps/work/items`)).body.items as { attempts: number }[];
    expect(kept.map(item => item.attempts)).toEqual([1, 1, 2, 1, 1, 1]);
    expect(await retry(some.runId, { failedItemsOf: 'gather' })).toMatchObject({ status: 400, body: { code: 'not_a_map' } });
    expect(await retry(some.runId, { failedItemsOf: 'nothing' })).toMatchObject({ status: 400, body: { code: 'unknown_step' } });
    expect(await retry(some.runId, { failedItemsOf: 'work', fromStep: 'work' })).toMatchObject({ status: 400 });
    expect(await retry((await run('mapped')).runId, { failedItemsOf: 'work' })).toMatchObject({ status: 409, body: { code: 'nothing_to_retry' } });
  });

  test('of no items gathers none; of too many is not begun; over what is no plain value works too', async () => {
    expect(await run('mapped', { params: { COUNT: 1, BAD: 0 } })).toMatchObject({ status: 'failed' });
    await app.call('PUT', '/pipelines/mapped/options', options({ maxItems: 5 }));
    expect(step(await run('mapped'), 'work').error).toMatchObject({ code: 'map_too_large' });
    const frames = notebook({ a: `${METRIC}\nimport pandas as pd\nparts = [pd.DataFrame({"x": [i]}) for i in range(3)]\npart = parts[0]`, b: 'n = float(part.x.sum())', c: 'ns = n if isinstance(n, list) else [n]\nmae = mean_absolute_error([0.0], [sum(ns)])\nprint(mae)' });
    await save('frames', frames, ['a', 'b', 'c'], { steps: { b: { map: { over: 'parts', as: 'part' } } } });
    expect(await run('frames')).toMatchObject({ status: 'succeeded', metrics: { mae: 3 } });
  });

  test('cancelled in its middle ends all of it', async () => {
    const slow = notebook({ a: `import time\n${METRIC}\nWAIT = 0.0\nitems = list(range(8))\nitem = items[0]`, b: 'time.sleep(WAIT)\nn = item', c: 'mae = mean_absolute_error([0.0], [1.0])\nprint(mae, n)' });
    await save('slow', slow, ['a', 'b', 'c'], { steps: { b: { map: { over: 'items', as: 'item', maxParallel: 2 } } } });
    const runId = await start('slow', { params: { WAIT: 60.5 } });
    await until(async () => ((await app.call('GET', `/pipeline-runs/${runId}/steps/b/items?status=running`)).body.items ?? []).length > 0);
    await app.call('POST', `/pipeline-runs/${runId}/cancel`);
    const over = await ended(runId);
    expect(over.status).toBe('cancelled');
    expect(states(over)).toMatchObject({ b: 'cancelled', c: 'cancelled' });
  });
});

describe('a step that a person takes', () => {
  const book = notebook({ a: `${METRIC}\nvalue = 1.0`, b: 'mae = mean_absolute_error([0.0], [value])\nprint(mae)' });

  test('waits without a slot; another person than who started it decides, once', async () => {
    await save('approved', book, ['a', 'b'], { humanSteps: [{ name: 'sign off', after: ['a'], before: ['b'], instructions: 'Look at the value.' }], notifications: [{ on: ['approval', 'succeeded'], to: { webhook: `http://127.0.0.1:${(hookServer.address() as AddressInfo).port}/hook` } }] });
    const bob = (await app.call('POST', '/tokens', { name: 'bob', permissions: ['pipelines:read', 'pipelines:approve'] })).body.secret as string;
    const runId = await start('approved');
    await until(async () => step(await look(runId), 'sign off').status === 'awaiting');
    expect(states(await look(runId))).toEqual({ a: 'succeeded', 'sign off': 'awaiting', b: 'waiting' });
    expect((await app.call('GET', '/jobs?state=queued')).body.items).toEqual([]);
    const [open] = (await app.call('GET', `/approvals?status=open&runId=${runId}`)).body.items as Approval[];
    expect(open).toMatchObject({ step: 'sign off', instructions: 'Look at the value.', requestedBy: 'owner', mayNotDecide: expect.stringContaining('Somebody else') });
    expect(await app.call('POST', `/pipeline-runs/${runId}/steps/sign%20off/decision`, { decision: 'approve' })).toMatchObject({ status: 403, body: { code: 'own_run' } });
    // Without authentication everybody is the owner: the run is made another's.
    await app.database.db.updateTable('pipeline_run').set({ created_by: 'token:ann' }).where('id', '=', runId).execute();
    expect(bob).toEqual(expect.any(String));
    const decided = await app.call('POST', `/pipeline-runs/${runId}/steps/sign%20off/decision`, { decision: 'approve', comment: 'fine' });
    expect(decided).toMatchObject({ status: 200, body: { status: 'approved', decidedBy: 'owner', comment: 'fine' } });
    expect((await ended(runId)).status).toBe('succeeded');
    expect(await app.call('POST', `/pipeline-runs/${runId}/steps/sign%20off/decision`, { decision: 'reject' })).toMatchObject({ status: 409, body: { code: 'approval_closed' } });
    // The first attempt was refused with 503: all came all the same.
    await until(() => hooks.filter(h => h.subject.endsWith(runId)).length === 2);
    expect(hooks.map(h => h.type).sort()).toEqual(['slipway.pipeline_run.approval', 'slipway.pipeline_run.succeeded']);
  });

  test('who started the run decides where the step says so', async () => {
    await app.call('PUT', '/pipelines/approved/options', { humanSteps: [{ name: 'sign off', after: ['a'], before: ['b'], selfApproval: true }] });
    const runId = await start('approved');
    const open = await until(async () => ((await app.call('GET', `/approvals?status=open&mine=true&runId=${runId}`)).body.items as Approval[])[0]);
    expect(open).toMatchObject({ requestedBy: 'owner', mayNotDecide: null });
    expect(await app.call('POST', `/pipeline-runs/${runId}/steps/sign%20off/decision`, { decision: 'approve' })).toMatchObject({ status: 200, body: { decidedBy: 'owner' } });
    expect((await ended(runId)).status).toBe('succeeded');
  });

  test('a no, or no answer in time, fails the run; a retry asks anew; who is not named may not', async () => {
    await app.call('PUT', '/pipelines/approved/options', { humanSteps: [{ name: 'sign off', after: ['a'], before: ['b'], timeoutMs: 500, approvers: ['bob'] }] });
    const late = await run('approved');
    expect(step(late, 'sign off').error).toMatchObject({ code: 'approval_expired' });
    expect(late.status).toBe('failed');
    await app.call('PUT', '/pipelines/approved/options', { humanSteps: [{ name: 'sign off', after: ['a'], before: ['b'] }] });
    const runId = await start('approved');
    await app.database.db.updateTable('pipeline_run').set({ created_by: 'token:ann' }).where('id', '=', runId).execute();
    await until(async () => step(await look(runId), 'sign off').status === 'awaiting');
    await app.call('POST', `/pipeline-runs/${runId}/steps/sign%20off/decision`, { decision: 'reject', comment: 'too small' });
    const no = await ended(runId);
    expect(step(no, 'sign off').error).toMatchObject({ code: 'rejected', message: 'Rejected by owner: too small' });
    await app.call('POST', `/pipeline-runs/${runId}/retry`, {});
    await until(async () => step(await look(runId), 'sign off').status === 'awaiting');
    await app.call('POST', `/pipeline-runs/${runId}/cancel`);
    expect((await ended(runId)).status).toBe('cancelled');
    expect((await app.call('GET', `/approvals?runId=${runId}`)).body.items[0]).toMatchObject({ status: 'cancelled' });
  });
});

describe('limits', () => {
  const book = notebook({ a: `import time, os\n${METRIC}\nWAIT = 0.0\nFLAKY = ""`, b: 'time.sleep(WAIT)\nif FLAKY and not os.path.exists(FLAKY):\n    open(FLAKY, "w").close()\n    raise ConnectionError("refused")\nmae = mean_absolute_error([0.0], [1.0])\nprint(mae)' });

  test('of a pool and of runs of one pipeline: the others wait, and say why', async () => {
    expect((await app.call('PUT', '/pools/db', { slots: 1 })).body).toMatchObject({ name: 'db', slots: 1, used: 0 });
    await save('limited', book, ['a', 'b'], { steps: { b: { pool: 'db' } } });
    const first = await start('limited', { params: { WAIT: 3.5 } });
    await until(async () => step(await look(first), 'b').status === 'running');
    const second = await start('limited');
    await until(async () => step(await look(second), 'b').status === 'queued');
    expect(step(await look(second), 'b').pendingReason).toContain('Waits for the pool db: 1 of 1');
    expect(await app.call('DELETE', '/pools/db')).toMatchObject({ status: 409, body: { code: 'pool_in_use' } });
    expect([(await ended(first)).status, (await ended(second)).status]).toEqual(['succeeded', 'succeeded']);
    await app.call('PUT', '/pipelines/limited/options', { maxActiveRuns: 1 });
    const third = await start('limited', { params: { WAIT: 2.5 } });
    const fourth = await start('limited');
    expect(await look(fourth)).toMatchObject({ status: 'queued', startedAt: null, pendingReason: expect.stringContaining('fewer runs') });
    expect((await ended(third)).status).toBe('succeeded');
    expect(await ended(fourth)).toMatchObject({ status: 'succeeded', pendingReason: null });
  });

  test('of time: a run that takes too long fails, one that is late is told of and goes on', async () => {
    await app.call('PUT', '/pipelines/limited/options', { timeoutMs: 1_500, notifications: [{ on: ['failed'], to: { email: ['ml@example.org'] } }] });
    const over = await run('limited', { params: { WAIT: 30.5 } });
    expect(over).toMatchObject({ status: 'failed', error: expect.stringContaining('did not end in its time') });
    const mail = await until(() => mails.find(m => m.to.includes('ml@example.org')));
    expect(mail.text).toContain('Subject: limited failed');
    expect(mail.text).toContain(over.runId);
    await app.call('PUT', '/pipelines/limited/options', { deadlineMs: 100 });
    expect(await run('limited', { params: { WAIT: 2.5 } })).toMatchObject({ status: 'succeeded', isLate: true });
  });

  test('of attempts: an exception that is named is retried, another is not', async () => {
    const file = join(app.home, 'flaky');
    await app.call('PUT', '/pipelines/limited/options', { steps: { b: { retry: { maxRetries: 1, backoffMs: 10, onExceptions: ['ConnectionError'] }, timeoutMs: 60_000, resources: { cpus: 1, memoryBytes: 500_000_000 } } } });
    // What a step writes lies in its own layer: the second attempt fails like the first.
    const failed = await run('limited', { params: { FLAKY: file } });
    expect(step(failed, 'b')).toMatchObject({ status: 'failed', attempts: 2 });
    await app.call('PUT', '/pipelines/limited/options', { steps: { b: { retry: { maxRetries: 1, backoffMs: 10, onExceptions: ['TimeoutError'] } } } });
    expect(step(await run('limited', { params: { FLAKY: file } }), 'b')).toMatchObject({ status: 'failed', attempts: 1 });
  });
});

test('a secret reaches the step, and nothing that is kept of it', async () => {
  const book = notebook({
    a: `import os, base64, sys\n${METRIC}\nkey = os.environ.get("KEY", "")\nprint("key", key)\nsys.stderr.write(base64.b64encode(f"user:{key}".encode()).decode() + "\\n")\nlength = float(len(key))\nprint(os.environ.get("FROM_FILE"), os.environ.get("FROM_ENV"))\nkey[-3:]`,
    b: 'mae = mean_absolute_error([0.0], [length])\nprint(mae)'
  });
  await save('secretive', book, ['a', 'b']);
  const value = 'tr0ub4dor&3-long';
  const put = await app.call('PUT', '/secrets/api-key', { value });
  expect(put).toMatchObject({ status: 200, body: { name: 'api-key', updatedBy: 'owner' } });
  expect(JSON.stringify(put.body) + JSON.stringify((await app.call('GET', '/secrets')).body)).not.toContain(value);
  expect(await app.call('PUT', '/secrets/short', { value: 'abc' })).toMatchObject({ status: 400, body: { code: 'secret_too_short' } });
  mkdirSync(join(app.home, 'secrets'), { recursive: true });
  writeFileSync(join(app.home, 'secrets', 'db.txt'), 'from-a-file\n');
  const set = await app.call('PUT', '/pipelines/secretive/options', { steps: { a: { secrets: { KEY: { secret: 'api-key' }, FROM_FILE: { file: 'db.txt' }, FROM_ENV: { environment: 'H3_ALLOWED' } } } } });
  expect(set.status).toBe(200);
  const done = await run('secretive', { useCache: true });
  expect(done).toMatchObject({ status: 'succeeded', metrics: { mae: value.length } });
  const log = await textOf(done.runId, 'a');
  expect(log).toContain('key ••••••');
  const kept = log + JSON.stringify((await app.call('GET', `/pipeline-runs/${done.runId}/steps/a/notebook`)).body) + JSON.stringify(await app.database.db.selectFrom('step_run').selectAll().where('run_id', '=', done.runId).execute()) + JSON.stringify(await app.database.db.selectFrom('job').selectAll().execute()) + JSON.stringify(await app.database.db.selectFrom('secret').selectAll().execute());
  for (const secret of [value, 'from-a-file', 'from-the-environment', Buffer.from(`user:${value}`).toString('base64').slice(8, -4)]) {
    expect(kept).not.toContain(secret);
  }
  expect((await run('secretive', { useCache: true })).steps.every(s => s.cached)).toBe(true);
  expect((await app.call('DELETE', '/secrets/api-key')).status).toBe(200);
  expect(step(await run('secretive'), 'a').error).toMatchObject({ code: 'secret_missing', message: expect.stringContaining('slipway secrets set api-key') });
});

test('a run keeps exactly what it ran, under its hash', async () => {
  const before = (await app.call('GET', '/pipelines/branched/versions/2')).body;
  const { runId } = (await app.call('GET', '/pipelines/branched/runs')).body.items[0] as PipelineRun;
  await app.call('PUT', '/pipelines/branched/options', {});
  const done = await look(runId);
  expect(done.contentHash).toBe(before.contentHash);
  expect((await app.call('GET', '/pipelines/branched')).body.latestVersion).toBe(3);
  expect((await app.call('GET', '/pipelines/branched/versions/3')).body.contentHash).toBe((await app.call('GET', '/pipelines/branched/versions/1')).body.contentHash);
});
