import type { CellExecution, HookRecord } from '@slipway/schema';

/** A cell execution as the sidebar lists it. */
export interface ExecutionRow extends CellExecution {
  /** Known from the kernel alone: the daemon has not confirmed it yet. */
  isWaiting: boolean;
}

type LiveRecord = Extract<HookRecord, { type: 'cell_started' | 'cell_executed' }>;

/** What the kernel told live, newest state per execution, in order of appearance. */
export class LiveExecutions {
  take(record: HookRecord): void {
    if (record.type !== 'cell_started' && record.type !== 'cell_executed') {
      return;
    }
    const known = this.byId.get(record.executionId);
    if (known?.type !== 'cell_executed') {
      this.byId.set(record.executionId, record);
    }
  }

  clear(): void {
    this.byId.clear();
  }

  get records(): LiveRecord[] {
    return [...this.byId.values()];
  }

  private readonly byId = new Map<string, LiveRecord>();
}

/**
 * The daemon's list and the kernel's, as one, newest first. The daemon knows
 * more of an execution (its trial, hidden state); the kernel knows it sooner.
 */
export function mergeExecutions(stored: readonly CellExecution[], live: readonly LiveRecord[], sessionId: string): ExecutionRow[] {
  const rows = new Map<string, ExecutionRow>();
  for (const execution of stored) {
    rows.set(execution.executionId, { ...execution, isWaiting: false });
  }
  for (const record of live) {
    const known = rows.get(record.executionId);
    if (record.sessionId === sessionId && (!known || (known.status === 'running' && record.type === 'cell_executed'))) {
      rows.set(record.executionId, { ...rowOf(record), isWaiting: true });
    }
  }
  return [...rows.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

function rowOf(record: LiveRecord): CellExecution {
  const judged = { trialId: null, hiddenState: [] };
  if (record.type === 'cell_executed') {
    const { type: _type, seq: _seq, at: _at, ...rest } = record;
    return { ...rest, ...judged };
  }
  const { sessionId, executionId, cellId, source, at } = record;
  return { sessionId, executionId, cellId, source, startedAt: at, status: 'running', ...NOTHING_YET, ...judged };
}

/** What an execution that nobody looked into bound, read and measured. */
export const NOTHING_SEEN = {
  bound: [],
  deleted: [],
  read: [],
  scalars: {},
  types: {},
  metrics: [],
  data: [],
  packages: {},
  peakMemoryBytes: null,
  mlflowRuns: [],
  impurities: []
};

const NOTHING_YET = { executionCount: null, error: null, durationMs: 0, ...NOTHING_SEEN };
