import type { Artifacts } from '../artifacts';
import type { Tx } from '../database';
import { artifactRoot } from './artifact-root';
import { LIMITS, cut } from './limits';
import type { MetricPoint } from './metric-chunks';
import type { Runs } from './runs';
import * as store from './run-store';

type Texts = Record<string, string>;
type Pair = { key: string; value: string };

/** A run below another, told whole once it is over. */
export interface ChildRun {
  /** 32 hex digits. */
  id: string;
  parentId: string;
  /** Empty for one known already whose name stays. */
  name: string;
  userId: string;
  status: 'FINISHED' | 'FAILED' | 'KILLED';
  startTime: Date;
  endTime: Date;
  params: Texts;
  tags: Texts;
  metrics: readonly MetricPoint[];
  files: readonly { path: string; digest: string; sizeBytes: number }[];
}

/** Runs that are written from what was kept of them elsewhere, not by MLflow's client as they go. */
export function createRunParts(deps: { runs: Runs; artifacts: Artifacts }) {
  const { runs, artifacts } = deps;

  async function log(tx: Tx, run: Parameters<Runs['logTo']>[1], data: { params: Pair[]; tags: Pair[]; metrics: readonly MetricPoint[] }): Promise<void> {
    const most = Math.max(data.params.length, data.tags.length, data.metrics.length / 8);
    for (let i = 0; i < most; i += LIMITS.paramsPerBatch) {
      const piece = <T>(items: readonly T[], times = 1): T[] => items.slice(i * times, (i + LIMITS.paramsPerBatch) * times);
      await runs.logTo(tx, run, { params: piece(data.params), tags: piece(data.tags), metrics: piece(data.metrics, 8) });
    }
  }

  return {
    /**
     * Params and tags of one part of a run. A param the run has with another
     * value keeps it, and the part's own stands under `PART/KEY`; of tags the last counts.
     */
    async addPart(tx: Tx, runId: string, part: { name: string; params: Texts; tags: Texts }): Promise<void> {
      const run = await runs.findActive(tx, runId);
      const params = pairs(part.params).map(p => ({ key: p.key, value: cut(p.value, LIMITS.param) }));
      const others = params.length === 0 ? [] : await store.insertParams(tx, runId, params);
      const aside = others.map(({ key }) => ({ key: `${part.name}/${key}`.slice(0, LIMITS.key), value: params.find(p => p.key === key)!.value }));
      await store.deleteParams(tx, runId, aside.map(a => a.key));
      await log(tx, run, { params: [...new Map(aside.map(a => [a.key, a])).values()], tags: pairs(part.tags), metrics: [] });
    },
    /** Written again, it is the same run, which gets what is new. */
    async addChild(tx: Tx, child: ChildRun): Promise<void> {
      const parent = await runs.findActive(tx, child.parentId);
      const of = { experimentId: String(parent.experiment_id), userId: child.userId, startTime: child.startTime };
      await runs.create(tx, { id: child.id, ...of, ...(child.name && { name: child.name }), parentRunId: child.parentId, tags: child.tags });
      const run = (await store.findRun(tx, child.id))!;
      const params = pairs(child.params);
      const others = params.length === 0 ? [] : await store.insertParams(tx, child.id, params.map(p => ({ key: p.key, value: cut(p.value, LIMITS.param) })));
      const kept = new Set(others.map(o => o.key));
      await log(tx, run, { params: params.filter(p => !kept.has(p.key)), tags: pairs(child.tags), metrics: child.metrics });
      await artifacts.files.setAll(tx, child.files.map(f => ({ ...f, path: `${artifactRoot(run)}/${f.path}` })));
      await runs.setStatus(tx, child.id, child.status, child.endTime);
    },
    removeParams: (tx: Tx, runId: string, keys: readonly string[]): Promise<void> => store.deleteParams(tx, runId, keys)
  };
}

function pairs(record: Texts): Pair[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}
