import type { CellExecuted, HookRecord, SessionStarted } from '@slipway/schema';
import { basename, extname } from 'node:path';
import { processIdentity } from '../../core/process-identity';
import type { Tx } from '../../database';
import type { Events } from '../../events';
import { cellUri, datasetUri, type Lineage } from '../../lineage';
import * as executionStore from './execution-store';
import type { AnalysisPort, RunsPort, TokensPort } from './ports';
import * as store from './session-store';
import type { ExecutionDetails, SessionRow } from './tables';

export type RecordWriter = ReturnType<typeof createRecordWriter>;
const NAMELESS = 'Untitled notebook';

/** Writes one record of a hook into the tables; what it means for trials is judged afterwards. */
export function createRecordWriter(deps: { runs: RunsPort; tokens: TokensPort; analysis: AnalysisPort; lineage: Lineage; events: Events; hostname: string }) {
  const { runs, tokens, analysis, lineage, events, hostname } = deps;

  /** Opens the session, or takes in what a further announcement changed (the notebook's path). */
  async function started(tx: Tx, record: SessionStarted, mayRegisterTokens: boolean): Promise<void> {
    const known = await store.findSession(tx, record.sessionId);
    if (!known) {
      await open(tx, record);
    } else {
      await announceAgain(tx, known, record);
    }
    if (record.tokenSha256 !== null && mayRegisterTokens) {
      await tokens.registerSessionToken(tx, { sha256: record.tokenSha256, sessionId: record.sessionId });
    }
    await events.append(tx, [{ type: 'session.changed', subject: record.sessionId }]);
  }

  async function open(tx: Tx, record: SessionStarted): Promise<void> {
    const experimentId = await runs.ensureExperiment(tx, experimentName(record.notebookPath));
    const runId = await runs.createRun(tx, {
      id: runIdOf(record.sessionId),
      experimentId,
      name: `${experimentName(record.notebookPath)} ${record.at.slice(0, 16).replace('T', ' ')}`,
      userId: record.user,
      startTime: new Date(record.at),
      tags: {
        'slipway.kind': 'session',
        'slipway.session': record.sessionId,
        ...(record.notebookPath && { 'mlflow.source.name': record.notebookPath, 'mlflow.source.type': 'NOTEBOOK' })
      }
    });
    await store.insertSession(tx, {
      id: record.sessionId,
      run_id: runId,
      experiment_id: experimentId,
      notebook_key: notebookKey(record),
      status: 'running',
      started_at: new Date(record.at),
      ended_at: null,
      ...columnsOf(record)
    });
  }

  async function announceAgain(tx: Tx, known: SessionRow, record: SessionStarted): Promise<void> {
    // A session that was moved by hand stays there until its notebook has another name.
    const experimentId = record.notebookPath === null || record.notebookPath === known.notebook_path ? known.experiment_id : await runs.ensureExperiment(tx, experimentName(record.notebookPath));
    if (experimentId !== known.experiment_id) {
      await runs.moveRun(tx, known.run_id, experimentId);
    }
    await store.updateSession(tx, known.id, { ...columnsOf(record), experiment_id: experimentId, notebook_key: notebookKey(record) });
  }

  function columnsOf(record: SessionStarted) {
    const isHere = record.host === hostname;
    return {
      kernel_id: record.kernelId,
      language: record.language,
      notebook_path: record.notebookPath,
      host: record.host,
      user_name: record.user,
      pid: isHere ? record.pid : null,
      pid_identity: isHere ? processIdentity(record.pid) : null
    };
  }

  async function executed(tx: Tx, session: SessionRow, record: CellExecuted): Promise<void> {
    const details: ExecutionDetails = {
      scalars: record.scalars,
      types: record.types,
      metrics: record.metrics,
      data: record.data,
      packages: record.packages,
      mlflowRuns: record.mlflowRuns,
      impurities: record.impurities,
      ...(record.machine?.length && { machine: record.machine })
    };
    await executionStore.completeExecution(tx, {
      execution_id: record.executionId,
      session_id: session.id,
      seq: record.seq,
      cell_id: record.cellId,
      execution_count: record.executionCount,
      source: record.source,
      status: record.status,
      error: record.error && JSON.stringify(record.error),
      started_at: new Date(record.startedAt),
      duration_ms: record.durationMs,
      bound: record.bound,
      deleted: record.deleted,
      read: record.read,
      details: JSON.stringify(details),
      peak_memory_bytes: record.peakMemoryBytes
    });
    const cell = cellUri(session.notebook_key, record.cellId, analysis.sourceHash(record.source));
    await lineage.link(tx, record.data.map(d => (d.mode === 'read' ? { from: datasetUri(d), to: cell } : { from: cell, to: datasetUri(d) })), new Date(record.at));
    await endLeftOpen(tx, record);
  }

  /** A run that fluent calls opened ends with its cell; the kernel could not say so while the daemon was away. */
  async function endLeftOpen(tx: Tx, record: CellExecuted): Promise<void> {
    const lazy = record.mlflowRuns.filter(r => !r.isExplicit).map(r => r.runId);
    for (const run of lazy.length > 0 ? await runs.readRuns(tx, lazy) : []) {
      if (run.status === 'RUNNING') {
        await runs.finishRun(tx, run.runId, record.status === 'ok' ? 'FINISHED' : 'FAILED', new Date(record.at));
      }
    }
  }

  return {
    started,
    /**
     * Ends a session: its run, its token, and the cells it left running. A
     * kernel that is only silent (`isGone` false) may speak again and keeps its token.
     */
    async ended(tx: Tx, session: SessionRow, status: 'finished' | 'killed', at: Date, isGone = true): Promise<void> {
      await store.updateSession(tx, session.id, { status, ended_at: at });
      await executionStore.markLost(tx, session.id);
      await runs.finishRun(tx, session.run_id, status === 'finished' ? 'FINISHED' : 'KILLED', at);
      if (isGone) {
        await tokens.revokeSessionTokens(tx, session.id);
      }
      await events.append(tx, [{ type: 'session.changed', subject: session.id, data: { status } }]);
    },
    /** A kernel taken for dead speaks again (a laptop that slept, a network that was away). */
    async revive(tx: Tx, session: SessionRow): Promise<void> {
      await store.updateSession(tx, session.id, { status: 'running', ended_at: null });
      await runs.reopenRun(tx, session.run_id);
      await events.append(tx, [{ type: 'session.changed', subject: session.id, data: { status: 'running' } }]);
    },
    /** Writes a record about a cell. */
    async cell(tx: Tx, session: SessionRow, record: Extract<HookRecord, { type: 'cell_started' | 'cell_executed' }>): Promise<void> {
      if (record.type === 'cell_started') {
        const { executionId, cellId, source, seq, at } = record;
        await executionStore.insertStarted(tx, { execution_id: executionId, session_id: session.id, seq, cell_id: cellId, source, status: 'running', started_at: new Date(at) });
      } else {
        await executed(tx, session, record);
      }
      const status = record.type === 'cell_started' ? 'running' : record.status;
      await events.append(tx, [{ type: 'cell.executed', subject: session.id, data: { executionId: record.executionId, cellId: record.cellId, status } }]);
    }
  };
}

/** The session's MLflow run has its id without dashes: the kernel names it as the parent of its runs without asking. */
export function runIdOf(sessionId: string): string {
  return sessionId.replaceAll('-', '');
}

function experimentName(notebookPath: string | null): string {
  return notebookPath === null ? NAMELESS : basename(notebookPath, extname(notebookPath)) || NAMELESS;
}

function notebookKey(record: SessionStarted): string {
  return record.notebookPath ?? `session:${record.sessionId}`;
}
