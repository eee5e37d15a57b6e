import type { GateEvaluation, ModelGates } from '@slipway/schema';
import type { Artifacts } from '../../artifacts';
import type { Tx } from '../../database';
import type { Tracking } from '../../tracking';
import { readMlModel } from '../mlmodel';
import { CHAMPION } from '../names';
import * as registryStore from '../store';
import type { ModelVersionRow } from '../tables';
import { runOfVersion } from '../version-run';
import * as latencyStore from './latency-store';
import type { ChampionFacts } from './not-worse';
import type { Facts } from './rules';

/** Why gates are held against a version, and whether an approver vouches for it. */
export interface Occasion {
  trigger: GateEvaluation['trigger'];
  by: string;
  overrideComment?: string;
}

/** Gathers what the rules judge by. */
export function createFacts(deps: { artifacts: Artifacts; tracking: Tracking }) {
  const { artifacts, tracking } = deps;

  async function championOf(tx: Tx, name: string): Promise<ChampionFacts | null> {
    const alias = (await registryStore.aliases(tx, [name])).find(a => a.alias === CHAMPION);
    const row = alias && (await registryStore.findVersion(tx, name, alias.version));
    if (!row) {
      return null;
    }
    const run = row.run_id === null ? null : await runOfVersion(tx, tracking, row.run_id);
    return { version: String(row.version), metrics: run?.metrics ?? new Map<string, number>() };
  }

  return {
    championOf,
    hasSignature,
    async factsOf(tx: Tx, row: ModelVersionRow, gates: ModelGates, why: Occasion): Promise<Facts> {
      const run = row.run_id === null ? null : await runOfVersion(tx, tracking, row.run_id);
      const tags = (await registryStore.versionTags(tx, [row.model_name])).filter(t => t.version === row.version);
      return {
        metrics: run?.metrics ?? new Map<string, number>(),
        tags: new Map(tags.map(t => [t.key, t.value])),
        runTags: new Map(Object.entries(run?.tags ?? {})),
        sizeBytes: row.storage_folder === null ? null : await artifacts.files.sizeBelow(tx, row.storage_folder),
        hasSignature: gates.requireSignature && (await hasSignature(row.storage_folder)),
        latency: gates.latency && (await latencyOf(tx, row, gates.latency.requests, why))
      };
    }
  };

  async function hasSignature(folder: string | null): Promise<boolean> {
    return Boolean((await readMlModel(artifacts, folder))?.signature?.inputs);
  }
}

/** Measured anew when a version is registered and when somebody asks; else what was measured last counts. */
async function latencyOf(tx: Tx, row: ModelVersionRow, requests: number, { trigger, by }: Occasion): Promise<Facts['latency']> {
  if (row.storage_folder === null) {
    return null;
  }
  const last = trigger === 'asked' || trigger === 'registered' ? undefined : await latencyStore.latestLatency(tx, row.model_name, row.version);
  if (last?.status === 'failed') {
    return { state: 'failed', failure: last.failure! };
  }
  if (last?.status === 'measured' && last.requests >= requests) {
    return { state: 'measured', evidence: last.evidence! };
  }
  await latencyStore.askLatency(tx, { model_name: row.model_name, version: row.version, requests, asked_by: by });
  return { state: 'pending' };
}
