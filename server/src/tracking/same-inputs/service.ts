import { createHash } from 'node:crypto';
import { toMetricValue, type SameInputs, type SameInputsQuery, type SameRun } from '@slipway/schema';
import type { Db, Tx } from '../../database';
import { codeHash } from '../../notebooks';
import type { Tracking } from '../service';
import * as store from './store';

/** What a feature that runs code says of a run. */
export interface RanOn {
  /** Cells' sources; null where they are not known. */
  sources: readonly string[] | null;
  /** Names of the params whose literals stand in the sources. */
  params: readonly string[];
  /** SHA-256 of each file read; null where one was not digested. */
  digests: readonly (string | null)[];
}
/** Remembers what a run ran on, so that the same again is found. */
export async function recordInputs(tx: Tx, runId: string, ranOn: RanOn): Promise<void> {
  const data = dataOf(ranOn.digests);
  const codeKey = ranOn.sources === null ? null : codeHash(ranOn.sources, new Set(ranOn.params));
  await store.upsertInputs(tx, runId, { codeKey, dataKey: data && keyOf(data), data: data ?? [] });
}

/**
 * The same of what MLflow's client said: its git commit stands for the code, its
 * datasets for the data. Runs of notebooks and pipelines are told by what ran them.
 */
export async function recordLoggedInputs(tx: Tx, runId: string, tags: Readonly<Record<string, string>>): Promise<void> {
  if ('slipway.kind' in tags || 'slipway.trial' in tags) {
    return;
  }
  const commit = tags['mlflow.source.git.commit'];
  const data = [...new Set(await store.loggedDigests(tx, runId))].sort();
  const codeKey = commit === undefined ? null : keyOf(['git', commit, tags['mlflow.source.name'] ?? '']);
  await store.upsertInputs(tx, runId, { codeKey, dataKey: data.length > 0 ? keyOf(data) : null, data });
}

/** "Was this already run on the same inputs?" */
export function createSameInputs(deps: { db: Db; tracking: Pick<Tracking, 'runs' | 'readRuns'> }) {
  const { db, tracking } = deps;

  async function agreeing(keys: store.InputKeys, own: { id: string; startedMs: number } | null, query: { match: 'all' | 'some'; limit: number }): Promise<SameInputs> {
    const isKnown = { code: keys.code_key !== null, data: keys.data_key !== null };
    if (!isKnown.code && !isKnown.data) {
      return { isKnown, total: 0, items: [] };
    }
    const { rows, total } = await store.agreeingRuns(db, keys, { not: own?.id ?? null, isSome: query.match === 'some', limit: query.limit });
    const read = new Map((await tracking.readRuns(db, rows.map(r => r.run_id))).map(run => [run.runId, run]));
    const items = rows.map((row): SameRun => ({
      runId: row.run_id,
      name: row.name,
      kind: row.kind === 'trial' || row.kind === 'pipeline' || row.kind === 'session' ? row.kind : ('run' as const),
      status: row.status as SameRun['status'],
      startedMs: Number(row.start_time),
      isEarlier: own === null || Number(row.start_time) < own.startedMs,
      metrics: Object.fromEntries((read.get(row.run_id)?.metrics ?? []).map(m => [m.key, toMetricValue(m.value)])),
      agrees: { code: row.code, params: row.params, data: row.data }
    }));
    return { isKnown, total, items };
  }

  return {
    /** Runs like this one. @throws {NotFound} `no_such_run` */
    async ofRun(runId: string, query: { match: 'all' | 'some'; limit: number }): Promise<SameInputs> {
      const { row, tags } = await tracking.runs.view(runId);
      // What MLflow's client logged in a notebook is the trial's: its cells know the rest.
      const trialId = tags.find(t => t.key === 'slipway.trial')?.value;
      const keys = (trialId === undefined ? undefined : await store.findInputs(db, trialId)) ?? (await store.findInputs(db, runId));
      return agreeing(keys ?? { code_key: null, params_key: '', data_key: null }, { id: keys?.run_id ?? runId, startedMs: Number(row.start_time) }, query);
    },
    /** Runs of code that is only about to run. */
    async of(ask: SameInputsQuery): Promise<SameInputs> {
      const params_key = await store.paramsKeyOf(db, ask.params);
      const code_key = ask.sources.length === 0 ? null : codeHash(ask.sources, new Set(Object.keys(ask.params)));
      const data = ask.digests === null ? null : dataOf(ask.digests);
      return agreeing({ code_key, params_key, data_key: data && keyOf(data) }, null, ask);
    }
  };
}

export type SameInputsFinder = ReturnType<typeof createSameInputs>;

/** Each digest once, in order; null where one is not known. */
function dataOf(digests: readonly (string | null)[]): string[] | null {
  const known = digests.flatMap(d => (d === null ? [] : [d.includes(':') ? d : `sha256:${d}`]));
  return known.length < digests.length ? null : [...new Set(known)].sort();
}

function keyOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
