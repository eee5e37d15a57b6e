import { sortSlices, toMetricValue, type RunCell, type RunDetail } from '@slipway/schema';
import { sql } from 'kysely';
import type { Db } from '../../database';
import type { RunView } from '../run-view';
import { aggregateSql } from './run-order';
import { durationOf, kindOf } from './run-rows';

export const NOTE = 'mlflow.note.content';

/** A run with where it came from: its session, its cells, their packages. */
export async function describeRun(db: Db, view: RunView): Promise<RunDetail> {
  const { row } = view;
  const tags = new Map(view.tags.map(t => [t.key, t.value]));
  const [experiment, metrics, parent, childCount, source] = await Promise.all([
    db.selectFrom('experiment').select(['id', 'name']).where('id', '=', row.experiment_id).executeTakeFirstOrThrow(),
    metricSummaries(db, view),
    parentOf(db, tags.get('mlflow.parentRunId')),
    countChildren(db, row.id),
    sourceOf(db, tags.get('slipway.trial') ?? row.id, row.id)
  ]);
  const isNotebook = tags.get('mlflow.source.type') === 'NOTEBOOK';
  return {
    id: row.id,
    name: row.name,
    experiment,
    kind: kindOf(tags.get('slipway.kind')),
    status: row.status,
    isDeleted: row.lifecycle_stage === 'deleted',
    user: row.user_id,
    startedMs: Number(row.start_time),
    endedMs: row.end_time === null ? null : Number(row.end_time),
    durationMs: durationOf(row, source.isOwn ? String(source.cells.reduce((sum, cell) => sum + cell.durationMs, 0)) : null),
    params: view.params,
    metrics,
    slices: sortSlices(view.metrics.map(m => [m.key, m.value])).sliced,
    tags: view.tags.filter(t => t.key !== NOTE),
    note: tags.get(NOTE) ?? '',
    parent,
    childCount,
    notebookPath: source.notebookPath ?? (isNotebook ? (tags.get('mlflow.source.name') ?? null) : null),
    cells: source.cells,
    datasets: view.datasets.map(({ dataset }) => ({ name: dataset.name, digest: dataset.digest, source: dataset.source })),
    packages: source.packages
  };
}

async function metricSummaries(db: Db, view: RunView): Promise<RunDetail['metrics']> {
  const { rows } = await sql<{ key: string; min: number; max: number; mean: number; count: string }>`
    select key, ${aggregateSql('min')} as min, ${aggregateSql('max')} as max, ${aggregateSql('mean')} as mean, count(*) as count from metric m where run_id = ${view.row.id} group by key`.execute(db);
  const whole = new Map(rows.map(row => [row.key, row]));
  return view.metrics.map(m => {
    const all = whole.get(m.key);
    const [min, max, mean] = [all?.min ?? m.value, all?.max ?? m.value, all?.mean ?? m.value].map(toMetricValue);
    return { key: m.key, last: toMetricValue(m.value), lastStep: Number(m.step), min: min!, max: max!, mean: mean!, count: Number(all?.count ?? 1) };
  });
}

async function parentOf(db: Db, id: string | undefined): Promise<{ id: string; name: string } | null> {
  return id === undefined ? null : ((await db.selectFrom('run').select(['id', 'name']).where('id', '=', id).executeTakeFirst()) ?? null);
}

async function countChildren(db: Db, id: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) from run_tag t join run on run.id = t.run_id and run.lifecycle_stage = 'active'
    where t.key = 'mlflow.parentRunId' and left(t.value, 100) = ${id} and t.value = ${id}`.execute(db);
  return Number(rows[0]!.count);
}

/** The cells of the trial's slice, or of the session the run stands for, with what they imported. */
async function sourceOf(db: Db, trialId: string, runId: string): Promise<{ cells: RunCell[]; packages: Record<string, string>; notebookPath: string | null; isOwn: boolean }> {
  const trial = await db.selectFrom('trial').innerJoin('session', 'session.id', 'trial.session_id').select(['trial.slice', 'trial.session_id', 'session.notebook_path']).where('trial.run_id', '=', trialId).executeTakeFirst();
  if (!trial) {
    const session = await db.selectFrom('session').select('notebook_path').where('run_id', '=', runId).executeTakeFirst();
    return { cells: [], packages: {}, notebookPath: session?.notebook_path ?? null, isOwn: false };
  }
  const rows = trial.slice.length === 0 ? [] : await db.selectFrom('cell_execution').selectAll().where('execution_id', 'in', trial.slice).orderBy('seq').execute();
  return {
    cells: rows.map(row => ({ executionId: row.execution_id, cellId: row.cell_id, executionCount: row.execution_count, source: row.source, durationMs: row.duration_ms })),
    packages: Object.assign({}, ...rows.map(row => row.details.packages ?? {})) as Record<string, string>,
    notebookPath: trial.notebook_path,
    isOwn: trialId === runId
  };
}
