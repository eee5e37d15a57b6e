import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endKernels, startKernel } from '../../../kernels-bridge/tests/hook/kernel';
import { createAccess, type Access } from '../../src/access';
import { createArtifacts } from '../../src/artifacts';
import { silentLog } from '../../src/core/log';
import { createEvents } from '../../src/events';
import { createLineage } from '../../src/lineage';
import { createSlicer, sourceHash } from '../../src/notebooks';
import { createSessions, createTracking, type Sessions } from '../../src/tracking';
import { until } from '../running-app';
import { createTestDatabase } from '../test-database';

jest.setTimeout(90_000);

const home = mkdtempSync(join(tmpdir(), 'slipway-spool-'));
const spool = join(home, 'spool');
mkdirSync(spool, { mode: 0o700 });
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let tokens: Access;
beforeAll(async () => {
  database = await createTestDatabase();
  tokens = createAccess({ db: database.db, tokenFile: join(home, 'token'), proxySecretFile: join(home, 'proxy-secret') });
});
afterAll(async () => {
  endKernels();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

/** What a daemon does with sessions; stopped and begun anew, it is the daemon restarted. */
function daemon(): Sessions {
  const { db, url } = database;
  const log = silentLog;
  const events = createEvents({ db, databaseUrl: url, log });
  const tracking = createTracking({ db, events, lineage: createLineage({ db }), artifacts: createArtifacts({ db, root: join(home, 'artifacts') }) });
  return createSessions({ db, events, lineage: createLineage({ db }), runs: tracking, tokens, analysis: { sliceExecutions: createSlicer().slice, sourceHash }, spoolFolder: spool, log });
}

async function sources(sessions: Sessions, sessionId: string): Promise<string[]> {
  const { items } = await sessions.listExecutions(sessionId, { limit: 50 }).catch(() => ({ items: [] }));
  return items.filter(e => e.status !== 'running').map(e => e.source).reverse();
}

/** A spool file written by hand, as a kernel on another machine that shares the home would. */
function fakeKernel() {
  const sessionId = randomUUID();
  const path = join(spool, `${sessionId}.jsonl`);
  let seq = 0;
  const line = (type: string, fields: object): string => `${JSON.stringify({ sessionId, seq: seq++, at: new Date().toISOString(), type, ...fields })}\n`;
  return {
    sessionId,
    path,
    write: (text: string) => appendFileSync(path, text),
    started: () => line('session_started', { kernelId: randomUUID(), language: 'python', notebookPath: '/n/a.ipynb', cwd: '/n', pid: 1, python: null, tokenSha256: null, user: 'u', host: 'elsewhere' }),
    ended: () => line('session_ended', {}),
    cell: (source: string) =>
      line('cell_executed', { executionId: randomUUID(), cellId: 'c', executionCount: 1, source, status: 'ok', error: null, startedAt: new Date().toISOString(), durationMs: 1, bound: [], deleted: [], read: [], scalars: {}, types: {}, metrics: [], data: [], packages: {}, peakMemoryBytes: null, mlflowRuns: [], impurities: [] })
  };
}

test('what a kernel records while the daemon is away arrives when it is back, each record once', async () => {
  const first = daemon();
  await first.start();
  const kernel = await startKernel({ home });
  await kernel.run('a = 1');
  const { sessionId } = kernel.records()[0]!;
  await until(async () => (await sources(first, sessionId)).length === 1);
  await first.stop();

  // A long cell ends, and another runs, with nobody there.
  await kernel.run('import time; time.sleep(0.5)', 'b = 2');
  await kernel.executed(3);
  const second = daemon();
  await second.start();
  await until(async () => (await sources(second, sessionId)).length === 3);
  await second.stop();

  // Even where the note of how far it had come is lost.
  rmSync(join(spool, `${sessionId}.ack`));
  const third = daemon();
  await third.start();
  await kernel.run('c = 3');
  await until(async () => (await sources(third, sessionId)).length >= 4);
  expect(await sources(third, sessionId)).toEqual(['a = 1', 'import time; time.sleep(0.5)', 'b = 2', 'c = 3']);
  const acknowledged = join(spool, `${sessionId}.ack`); // written once they are stored
  await until(() => existsSync(acknowledged) && Number(readFileSync(acknowledged, 'utf8')) === statSync(join(spool, `${sessionId}.jsonl`)).size);
  await kernel.shutdown();
  await until(async () => (await third.get(sessionId)).status === 'finished');
  await until(() => !existsSync(join(spool, `${sessionId}.jsonl`)));
  await third.stop();
});

test('a line half written waits for its end, a line that is no record is passed over, a NUL is dropped', async () => {
  const sessions = daemon();
  await sessions.start();
  const kernel = fakeKernel();
  const half = (text: string): [string, string] => [text.slice(0, 40), text.slice(40)];
  kernel.write(`${kernel.started()}{"type": "cell_exec\n`);
  const [head, tail] = half(kernel.cell('x = 1'));
  kernel.write(head);
  await until(() => sessions.get(kernel.sessionId).catch(() => undefined));
  await sleep(300);
  expect(await sources(sessions, kernel.sessionId)).toEqual([]);
  kernel.write(tail + kernel.cell("nul = '\0'") + kernel.cell(String.raw`esc = '\u0000'`));
  await until(async () => (await sources(sessions, kernel.sessionId)).length === 3);
  expect(await sources(sessions, kernel.sessionId)).toEqual(['x = 1', "nul = ''", String.raw`esc = '\u0000'`]);
  await sessions.stop();
});

test('a session whose announcement was lost is kept without a notebook', async () => {
  const sessions = daemon();
  await sessions.start();
  const kernel = fakeKernel();
  kernel.started();
  kernel.write(kernel.cell('x = 1'));
  await until(async () => (await sources(sessions, kernel.sessionId)).length === 1);
  expect(await sessions.get(kernel.sessionId)).toMatchObject({ notebookPath: null, language: 'unknown' });
  await sessions.stop();
});

test('a kernel that fell silent is taken for dead, and lives again when it speaks', async () => {
  const sessions = daemon();
  await sessions.start();
  const kernel = fakeKernel();
  kernel.write(kernel.started() + kernel.cell('x = 1'));
  await until(async () => (await sources(sessions, kernel.sessionId)).length === 1);
  const longAgo = new Date(Date.now() - 300_000);
  await database.db.updateTable('session').set({ seen_at: longAgo }).where('id', '=', kernel.sessionId).execute();
  utimesSync(kernel.path, longAgo, longAgo);
  await until(async () => (await sessions.get(kernel.sessionId)).status === 'killed');
  await until(() => !existsSync(kernel.path));
  kernel.write(kernel.cell('y = 2'));
  await until(async () => (await sessions.get(kernel.sessionId)).status === 'running');
  expect(await sources(sessions, kernel.sessionId)).toEqual(['x = 1', 'y = 2']);
  kernel.write(kernel.ended());
  await until(async () => (await sessions.get(kernel.sessionId)).status === 'finished');
  await sessions.stop();
});
