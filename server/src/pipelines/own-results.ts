import type { CellExecution } from '@slipway/schema';
import type { StepOutcome } from './step-outcome';

/** The sessions of notebooks as far as a proof reads them. */
export interface SessionsPort {
  list(query: { notebookPath?: string; limit: number }): Promise<{ items: { id: string }[] }>;
  listExecutions(sessionId: string, query: { limit: number; cursor?: string }): Promise<{ items: CellExecution[]; nextCursor?: string }>;
}

type Metric = StepOutcome['metrics'][number];
const PAGE = 500;
const PAGES = 10;

/**
 * Metrics the notebook itself showed last, as its hook recorded them; null
 * where they are stale: a cell that was changed, failed or never ran, or cells
 * that did not run in the order they stand in.
 */
export async function ownMetrics(sessions: SessionsPort, notebookPath: string, cells: readonly { id: string; source: string }[]): Promise<Metric[] | null> {
  const session = (await sessions.list({ notebookPath, limit: 1 })).items[0];
  if (!session) {
    return null;
  }
  const executions: CellExecution[] = [];
  for (let page = 0, cursor: string | undefined; page < PAGES && (page === 0 || cursor !== undefined); page++) {
    const found = await sessions.listExecutions(session.id, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    executions.push(...found.items);
    cursor = found.nextCursor;
  }
  return freshMetrics(executions, cells);
}

/** `executions` newest first; `cells` in document order. */
export function freshMetrics(
  executions: readonly Pick<CellExecution, 'cellId' | 'source' | 'status' | 'metrics'>[],
  cells: readonly { id: string; source: string }[]
): Metric[] | null {
  const metrics: Metric[] = [];
  let before = executions.length;
  for (const cell of cells) {
    const at = executions.findIndex(e => e.cellId === cell.id);
    const last = executions[at];
    if (!last || last.status !== 'ok' || last.source !== cell.source || at >= before) {
      return null;
    }
    before = at;
    metrics.push(...last.metrics.map(m => ({ cellId: cell.id, name: m.name, value: m.value, step: m.step })));
  }
  return metrics;
}
