import type { Db } from '../../database';
import type { CellExecutionRow } from './tables';

/** Where a run's results came from in a notebook: cells as they were executed, what they imported and read. */
export interface NotebookOrigin {
  notebookPath: string | null;
  cells: { id: string; source: string }[];
  packages: Record<string, string>;
  data: { path: string; digest: string | null }[];
}

/** The slice of the trial that a run is, or is joined to (its tag says so); null for other runs. */
export async function originOf(db: Db, run: { runId: string; tags: Readonly<Record<string, string>> }): Promise<NotebookOrigin | null> {
  const trial = await db.selectFrom('trial').innerJoin('session', 'session.id', 'trial.session_id').select(['trial.slice', 'trial.session_id', 'session.notebook_path']).where('trial.run_id', '=', run.tags['slipway.trial'] ?? run.runId).executeTakeFirst();
  if (!trial || trial.slice.length === 0) {
    return null;
  }
  const slice = await executionsOf(db, trial.slice);
  const cells = slice.map((e, i) => ({ id: e.cell_id ?? `#${i}`, source: e.source }));
  return {
    notebookPath: trial.notebook_path,
    cells: [...new Map(cells.map(c => [c.id, c])).values()],
    packages: await packagesUpTo(db, trial.session_id, Math.max(...slice.map(e => e.seq))),
    data: slice.flatMap(e => e.details.data ?? []).filter(d => d.mode === 'read').map(({ path, digest }) => ({ path, digest }))
  };
}

function executionsOf(db: Db, ids: readonly string[]): Promise<CellExecutionRow[]> {
  return db.selectFrom('cell_execution').selectAll().where('execution_id', 'in', [...ids]).orderBy('seq').execute();
}

/** A package is told by the cell that first imported it, which need not be of the slice. */
async function packagesUpTo(db: Db, sessionId: string, seq: number): Promise<Record<string, string>> {
  const rows = await db.selectFrom('cell_execution').select('details').where('session_id', '=', sessionId).where('seq', '<=', seq).orderBy('seq').execute();
  return Object.fromEntries(rows.flatMap(r => Object.entries(r.details.packages ?? {})).map(([name, version]) => [name.toLowerCase(), version]));
}
