import type { LatencyEvidence } from '@slipway/schema';
import type { Db } from '../../database';
import type { createRegistryNews } from '../news';
import { attachEvaluation } from '../promotions/store';
import * as registryStore from '../store';
import type { VersionLatencyRow } from '../tables';
import * as store from './latency-store';
import type { Gates } from './service';

/** Measurements that gates wait for: whoever can ask models claims one and tells how it came out. */
export function createLatencies(deps: { db: Db; gates: Gates; news: ReturnType<typeof createRegistryNews> }) {
  const { db, gates, news } = deps;
  return {
    /** The longest waiting one, for the caller alone while the lease lasts. */
    claim: (leaseMs: number): Promise<VersionLatencyRow | undefined> => store.claimLatency(db, leaseMs),
    release: (id: string): Promise<void> => store.releaseLatency(db, id),
    /** Keeps the outcome and judges the version anew with it; nothing where the version is gone. */
    async finish(id: string, outcome: { evidence: LatencyEvidence } | { failure: string }): Promise<void> {
      await db.transaction().execute(async tx => {
        const asked = await store.finishLatency(tx, id, outcome);
        const row = asked && (await registryStore.findVersion(tx, asked.model_name, asked.version));
        if (!asked || !row) {
          return;
        }
        await news.changed(tx, row.model_name, { type: 'model_latency.measured', data: { name: row.model_name, version: String(row.version), ...outcome } });
        const evaluation = await gates.evaluate(tx, row, { trigger: 'measured', by: asked.asked_by });
        if (evaluation) {
          await attachEvaluation(tx, row.model_name, row.version, evaluation.id);
        }
      });
    }
  };
}
