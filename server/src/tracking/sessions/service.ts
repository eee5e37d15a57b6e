import type { CellExecution, HookRecord, Session, Trial } from '@slipway/schema';
import { hostname as osHostname } from 'node:os';
import type { z } from 'zod';
import type { Caller } from '../../core/endpoint-router';
import { Forbidden, NotFound } from '../../core/errors';
import type { Log } from '../../core/log';
import { storable } from '../../core/storable';
import { isUuid } from '../../core/uuid';
import type { Db } from '../../database';
import type { Events } from '../../events';
import type { Lineage } from '../../lineage';
import * as executionStore from './execution-store';
import { createIntake } from './intake';
import { describeCells } from './lineage-names';
import { createLiveness } from './liveness';
import * as mapping from './mapping';
import { mlflowKey } from './mlflow-key';
import type { AnalysisPort, RunsPort, TokensPort } from './ports';
import { originOf, type NotebookOrigin } from './origin';
import { createRecordWriter } from './records';
import * as store from './session-store';
import { createSpool } from './spool';
import { createTrialKeeper } from './trials';
import { factsOfTrial } from './trial-facts';
import { createTrialReader } from './trial-reader';
import * as trialStore from './trial-store';

export type Sessions = ReturnType<typeof createSessions>;

export interface SessionsDeps {
  db: Db;
  events: Events;
  lineage: Lineage;
  runs: RunsPort;
  tokens: TokensPort;
  analysis: AnalysisPort;
  /** The folder of the kernels' spool files. */
  spoolFolder: string;
  log: Log;
  hostname?: string;
}

/** Sessions of kernels, the executions of their cells, and the trials among them. */
export function createSessions(deps: SessionsDeps) {
  const { db, events, runs, log, spoolFolder } = deps;
  const hostname = deps.hostname ?? osHostname();
  const writer = createRecordWriter({ ...deps, hostname });
  const intake = createIntake({ db, writer, trials: createTrialKeeper(deps), log });
  const trialReader = createTrialReader({ db, runs });
  const spool = createSpool({
    folder: spoolFolder,
    // Only the owner can write there: its token hashes are the owner's kernels'.
    take: async records => void (await intake.take(records, true)),
    over: ids => store.sessionsOver(db, ids),
    log
  });
  const liveness = createLiveness({ db, spool, writer, hostname, log });

  async function need(sessionId: string): Promise<store.CountedSessionRow> {
    const [row] = isUuid(sessionId) ? await store.listSessions(db, { id: sessionId }, 1) : [];
    if (!row) {
      throw new NotFound('no_such_session', `There is no session ${sessionId}.`);
    }
    return row;
  }

  return {
    start: async (): Promise<void> => {
      await spool.start();
      liveness.start();
    },
    stop: async (): Promise<void> => {
      await liveness.stop();
      await spool.stop();
    },
    /** Takes in records that came over HTTP; a kernel's own token brings its own session's only. */
    async record(records: HookRecord[], caller: Caller): Promise<{ accepted: number }> {
      if (caller.sessionId !== null && records.some(r => r.sessionId !== caller.sessionId)) {
        throw new Forbidden('forbidden', 'The token of a session can hand in that session’s records only.');
      }
      // A session's token may write to the registry: only who may do so too can bring one.
      return { accepted: await intake.take(storable(records), caller.permissions.has('registry:write')) };
    },
    async list(query: store.SessionFilter & { limit: number; cursor?: string }): Promise<{ items: z.infer<typeof Session>[]; nextCursor?: string }> {
      const after = query.cursor === undefined ? undefined : mapping.decodeSessionCursor(query.cursor);
      const rows = await store.listSessions(db, query, query.limit + 1, after);
      const items = rows.slice(0, query.limit);
      return { items: items.map(mapping.toSession), nextCursor: rows.length > query.limit ? mapping.encodeSessionCursor(items.at(-1)!) : undefined };
    },
    get: async (sessionId: string): Promise<z.infer<typeof Session>> => mapping.toSession(await need(sessionId)),
    async listExecutions(sessionId: string, query: { limit: number; cursor?: string }): Promise<{ items: CellExecution[]; nextCursor?: string }> {
      await need(sessionId);
      const rows = await executionStore.listExecutions(db, sessionId, query.limit + 1, mapping.decodeNumberCursor(query.cursor));
      const items = rows.slice(0, query.limit);
      return { items: items.map(mapping.toExecution), nextCursor: rows.length > query.limit ? String(items.at(-1)!.seq) : undefined };
    },
    async listTrials(sessionId: string, query: { limit: number; cursor?: string }): Promise<{ items: Trial[]; nextCursor?: string }> {
      await need(sessionId);
      return trialReader.list(sessionId, query.limit, mapping.decodeNumberCursor(query.cursor));
    },
    /** The cells behind a run of a notebook; null where it is none. */
    originOf: (run: { runId: string; tags: Readonly<Record<string, string>> }): Promise<NotebookOrigin | null> => originOf(db, run),
    /** What a trial ran, read and wrote; null where the run is none. */
    facts: (runId: string) => factsOfTrial(db, runId),
    /** What cells that ran say. */
    describe: (uris: readonly string[]) => describeCells(db, deps.analysis.sourceHash, uris),
    /** Makes a scalar a metric, or unmakes it, in every session of the notebook. */
    async markMetric(sessionId: string, mark: { name: string; isMetric: boolean }): Promise<void> {
      const { notebook_key } = await need(sessionId);
      await db.transaction().execute(async tx => {
        await trialStore.setMark(tx, notebook_key, mark.name, mark.isMetric);
        for (const id of await store.sessionIdsOfNotebook(tx, notebook_key)) {
          await store.lockSession(tx, id);
          for (const runId of await trialStore.removeMetric(tx, id, mark.name)) {
            await runs.removeMetrics(tx, runId, [mlflowKey(mark.name)]);
          }
          await intake.rejudge(tx, id);
          await events.append(tx, [{ type: 'trial.changed', subject: id }]);
        }
      });
    }
  };
}
