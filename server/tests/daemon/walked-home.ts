import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelineRun } from '@slipway/schema';
import { createBlobs } from '../../src/artifacts/blobs';
import { until } from '../running-app';
import type { createTestDatabase } from '../test-database';
import { Home, type Daemon } from './slipway';

/** What a step, or an item of a map, came to: from then on it must not change. */
interface Done {
  attempts: number;
  jobId: string | null;
}

/**
 * A home whose daemon is killed at each point of crash-points.cjs and started
 * again, while a test goes on calling it as a patient client does.
 */
export class WalkedHome {
  readonly home = new Home();
  deaths = 0;
  private daemon: Daemon | undefined;
  private keeping: Promise<void> | undefined;
  private isOver = false;
  private failure: unknown;
  private readonly walked = join(this.home.folder, 'walked');
  private readonly done = new Map<string, Done>();

  constructor(private readonly database: Awaited<ReturnType<typeof createTestDatabase>>) {
    this.home.extraEnv = { SLIPWAY_DATABASE_URL: database.url, SLIPWAY_LOG_LEVEL: 'error' };
    writeFileSync(this.walked, '');
  }

  /** Points walked so far. */
  points(): string[] {
    return readFileSync(this.walked, 'utf8').split('\n').filter(Boolean);
  }

  start(): void {
    this.keeping ??= this.keep().catch((err: unknown) => void (this.failure = err)); // told by the next call
  }

  /** The next daemons are killed: at all new points, or so many of a hundred. */
  async beginWalk(percent: number): Promise<void> {
    Object.assign(this.home.extraEnv, { NODE_OPTIONS: `--require ${join(__dirname, 'crash-points.cjs')}`, SLIPWAY_TEST_WALKED: this.walked, SLIPWAY_TEST_WALK_PERCENT: String(percent) });
    await this.daemon?.kill('SIGTERM');
  }

  /** From the next start on nobody is killed. */
  async endWalk(): Promise<void> {
    delete this.home.extraEnv.NODE_OPTIONS;
    await this.daemon?.kill('SIGTERM');
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.daemon?.kill('SIGTERM');
    await this.keeping;
    await this.home.remove();
  }

  /** Calls until it is answered; `isDone` tells whether a call whose answer was lost did its work. */
  async call(method: string, path: string, body?: unknown, isDone: () => Promise<boolean> = async () => false): Promise<{ status: number; body: any }> { // eslint-disable-line @typescript-eslint/no-explicit-any -- each test knows its reply
    for (;;) {
      if (this.failure !== undefined) {
        throw this.failure; // eslint-disable-line @typescript-eslint/only-throw-error -- what `keep` met
      }
      try {
        const { url } = await until(() => this.daemon, 600_000); // a busy machine, and several kills at its start
        const response = await fetch(`${url}/api/v1${path}`, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }), signal: AbortSignal.timeout(20_000) });
        const text = await response.text();
        if (response.status !== 503) {
          return { status: response.status, body: text === '' ? null : JSON.parse(text) };
        }
      } catch (err) {
        if (!['TypeError', 'SyntaxError', 'TimeoutError'].includes((err as Error).name)) {
          throw err; // no daemon there, or gone in the middle of its answer
        }
        await sleep(50);
        if (await isDone()) {
          return { status: 0, body: null };
        }
      }
    }
  }

  run(runId: string): Promise<PipelineRun> {
    return this.call('GET', `/pipeline-runs/${runId}`).then(reply => reply.body as PipelineRun);
  }

  ended(runId: string): Promise<PipelineRun> {
    return until(async () => {
      const run = await this.run(runId);
      return ['succeeded', 'failed', 'cancelled'].includes(run.status) && run;
    }, 600_000);
  }

  private async keep(): Promise<void> {
    while (!this.isOver) {
      this.daemon = await this.home.serve().catch(() => undefined); // killed before it was ready
      while (this.daemon && !this.daemon.isOver()) {
        await sleep(10);
      }
      this.daemon = undefined;
      this.deaths += 1;
      await this.checkDone();
      // A step that a daemon ended in five times is taken for the cause; here it never is.
      await this.database.db.updateTable('job').set({ losses: 0 }).execute();
    }
  }

  /** What had succeeded still has, by the same attempt of the same job. */
  async checkDone(): Promise<void> {
    const steps = await this.database.db.selectFrom('step_run').select(['run_id', 'ordinal', 'attempts', 'job_id']).where('status', '=', 'succeeded').execute();
    const items = await this.database.db.selectFrom('map_item').select(['run_id', 'ordinal', 'index', 'attempts', 'job_id']).where('status', '=', 'succeeded').execute();
    const now = new Map([...steps.map(s => ({ ...s, index: '' })), ...items].map(s => [`${s.run_id}/${s.ordinal}/${s.index}`, { attempts: s.attempts, jobId: s.job_id }]));
    for (const [at, was] of this.done) {
      const is = now.get(at);
      if (!is || is.attempts !== was.attempts || is.jobId !== was.jobId) {
        throw new Error(`What had succeeded ran again: ${at}: ${JSON.stringify({ was, is })}`);
      }
    }
    now.forEach((is, at) => this.done.set(at, is));
  }

  /** Digests of results whose bytes are not what they say. */
  async brokenOutputs(): Promise<string[]> {
    const results = [
      ...(await this.database.db.selectFrom('step_run').select(['result', 'notebook_digest']).where('status', '=', 'succeeded').execute()),
      ...(await this.database.db.selectFrom('map_item').select(['result', 'notebook_digest']).where('status', '=', 'succeeded').execute())
    ];
    const digests = new Set(results.flatMap(r => [...(r.notebook_digest ? [r.notebook_digest] : []), ...[...(r.result?.values ?? []), ...(r.result?.files ?? []), ...(r.result?.spreads ?? [])].map(v => v.digest)]));
    const { pathOf } = createBlobs(this.home.paths.artifacts);
    return [...digests].filter(digest => createHash('sha256').update(readFileSync(pathOf(digest))).digest('hex') !== digest);
  }
}
