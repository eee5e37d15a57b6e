import type { HookRecord } from '@slipway/schema';
import { AppError } from '../../core/errors';
import { isPython } from '../../core/languages';
import type { Log } from '../../core/log';
import type { Db, Tx } from '../../database';
import * as executionStore from './execution-store';
import type { RecordWriter } from './records';
import * as store from './session-store';
import type { CellExecutionRow, SessionRow } from './tables';
import type { JudgedExecution, TrialKeeper } from './trials';
import * as trialStore from './trial-store';

/** Of a session whose announcement was lost. */
const NO_LANGUAGE = 'unknown';

export type Intake = ReturnType<typeof createIntake>;

/** Takes records in, each once, in order of their numbers, and judges the cells among them. */
export function createIntake(deps: { db: Db; writer: RecordWriter; trials: TrialKeeper; log: Log }) {
  const { db, writer, trials, log } = deps;

  async function takeSession(tx: Tx, sessionId: string, records: HookRecord[], mayRegisterTokens: boolean): Promise<number> {
    await store.lockSession(tx, sessionId);
    const fresh = await store.insertSeqs(tx, sessionId, records.map(r => r.seq));
    const inOrder = records.filter((r, i) => fresh.has(r.seq) && records.findIndex(o => o.seq === r.seq) === i).sort((a, b) => a.seq - b.seq);
    const executed: string[] = [];
    for (const record of inOrder) {
      const session = await sessionFor(tx, record, mayRegisterTokens);
      if (record.type === 'session_ended') {
        await writer.ended(tx, session, 'finished', new Date(record.at));
      } else if (record.type !== 'session_started') {
        await writer.cell(tx, session, record);
        if (record.type === 'cell_executed') {
          executed.push(record.executionId);
        }
      }
    }
    if (inOrder.length > 0) {
      await store.updateSession(tx, sessionId, { seen_at: new Date() });
      await judge(tx, sessionId, new Set(executed));
    }
    return inOrder.length;
  }

  /** The record's session, opened, or opened again, where need be. */
  async function sessionFor(tx: Tx, record: HookRecord, mayRegisterTokens: boolean): Promise<SessionRow> {
    if (record.type === 'session_started') {
      await writer.started(tx, record, mayRegisterTokens);
    }
    let session = await store.findSession(tx, record.sessionId);
    if (!session) {
      // Its announcement was lost: a session without a notebook is better than none.
      await writer.started(tx, nameless(record), false);
      session = (await store.findSession(tx, record.sessionId))!;
    }
    if (session.status === 'killed' && record.type !== 'session_ended') {
      await writer.revive(tx, session);
    }
    return session;
  }

  async function judge(tx: Tx, sessionId: string, executionIds: ReadonlySet<string>): Promise<void> {
    if (executionIds.size === 0) {
      return;
    }
    const session = (await store.findSession(tx, sessionId))!;
    if (session.language !== NO_LANGUAGE && !isPython(session.language)) {
      return; // source, time and status are all that is known of such a cell
    }
    const marks = await trialStore.marksOf(tx, session.notebook_key);
    const all = (await executionStore.executionsInOrder(tx, sessionId)).filter(row => row.status !== 'running' && row.status !== 'lost').map(toJudged);
    // What came late changes what stands on it: everything from the first new one on is judged.
    const first = all.findIndex(e => executionIds.has(e.executionId));
    for (let i = first; i >= 0 && i < all.length; i++) {
      await judgeOne(tx, session, all.slice(0, i), all[i]!, marks);
    }
  }

  /** What is wrong with a trial (its run was deleted, say) must not cost the record of its cell. */
  async function judgeOne(tx: Tx, session: SessionRow, before: readonly JudgedExecution[], execution: JudgedExecution, marks: ReadonlyMap<string, boolean>): Promise<void> {
    try {
      await trials.judge(tx, session, before, execution, marks);
    } catch (err) {
      if (!(err instanceof AppError)) {
        throw err; // the database refused: the transaction is lost with it
      }
      log.warn({ err, executionId: execution.executionId }, 'an execution yields no trial');
    }
  }

  return {
    /**
     * Stores the records that are new; returns how many were. Records of one
     * session are stored together or not at all.
     */
    async take(records: readonly HookRecord[], mayRegisterTokens: boolean): Promise<number> {
      const bySession = groupBySession(records);
      let accepted = 0;
      for (const [sessionId, own] of bySession) {
        accepted += await db.transaction().execute(tx => takeSession(tx, sessionId, own, mayRegisterTokens));
      }
      log.debug({ records: records.length, accepted }, 'hook records taken in');
      return accepted;
    },
    /** Judges all executions of the session again: after a metric was made or unmade. */
    rejudge: async (tx: Tx, sessionId: string): Promise<void> => {
      const rows = await executionStore.executionsInOrder(tx, sessionId);
      await judge(tx, sessionId, new Set(rows.map(row => row.execution_id)));
    }
  };
}

function groupBySession(records: readonly HookRecord[]): Map<string, HookRecord[]> {
  const groups = new Map<string, HookRecord[]>();
  for (const record of records) {
    groups.set(record.sessionId, [...(groups.get(record.sessionId) ?? []), record]);
  }
  return groups;
}

function nameless(record: HookRecord): Extract<HookRecord, { type: 'session_started' }> {
  return {
    type: 'session_started',
    sessionId: record.sessionId,
    seq: record.seq,
    at: record.at,
    kernelId: 'unknown',
    language: NO_LANGUAGE,
    notebookPath: null,
    cwd: '',
    pid: 0,
    python: null,
    tokenSha256: null,
    user: 'unknown',
    host: 'unknown'
  };
}

function toJudged(row: CellExecutionRow): JudgedExecution {
  return {
    executionId: row.execution_id,
    cellId: row.cell_id,
    source: row.source,
    bound: row.bound,
    read: row.read,
    deleted: row.deleted,
    status: row.status as JudgedExecution['status'],
    endedAt: new Date(row.started_at.getTime() + row.duration_ms),
    details: { metrics: row.details.metrics ?? [], scalars: row.details.scalars ?? {}, mlflowRuns: row.details.mlflowRuns ?? [], data: row.details.data ?? [], machine: row.details.machine }
  };
}
