import type { DeclaredGates, GateEvaluation, ModelGates } from '@slipway/schema';
import { ModelGates as ModelGatesSchema } from '@slipway/schema';
import type { Artifacts } from '../../artifacts';
import { Conflict, InvalidInput } from '../../core/errors';
import type { Db, Tx } from '../../database';
import type { Tracking } from '../../tracking';
import { CHAMPION } from '../names';
import type { createRegistryNews } from '../news';
import * as registryStore from '../store';
import { runOfVersion } from '../version-run';
import type { GateEvaluationRow, ModelVersionRow } from '../tables';
import { judge, type ChampionFacts, type Facts } from './rules';
import * as store from './store';

export type Gates = ReturnType<typeof createGates>;
/** Why gates are held against a version, and whether an approver vouches for it. */
export interface Occasion {
  trigger: GateEvaluation['trigger'];
  by: string;
  overrideComment?: string;
}

/** What each model asks of a version, and how its versions came out. */
export function createGates(deps: { artifacts: Artifacts; tracking: Tracking; news: ReturnType<typeof createRegistryNews> }) {
  const { artifacts, tracking, news } = deps;

  async function metricsOf(tx: Db, row: ModelVersionRow): Promise<ReadonlyMap<string, number>> {
    const run = row.run_id === null ? null : await runOfVersion(tx, tracking, row.run_id);
    return run?.metrics ?? new Map<string, number>();
  }

  async function factsOf(tx: Db, row: ModelVersionRow): Promise<Facts> {
    const tags = (await registryStore.versionTags(tx, [row.model_name])).filter(t => t.version === row.version);
    return {
      metrics: await metricsOf(tx, row),
      tags: new Map(tags.map(t => [t.key, t.value])),
      sizeBytes: row.storage_folder === null ? null : await artifacts.files.sizeBelow(tx, row.storage_folder)
    };
  }

  async function championOf(tx: Db, name: string): Promise<ChampionFacts | null> {
    const alias = (await registryStore.aliases(tx, [name])).find(a => a.alias === CHAMPION);
    const row = alias && (await registryStore.findVersion(tx, name, alias.version));
    return row ? { version: String(row.version), metrics: await metricsOf(tx, row) } : null;
  }

  return {
    async declared(db: Db, name: string): Promise<DeclaredGates> {
      const row = await store.findGates(db, name);
      return { gates: ModelGatesSchema.parse(row?.rules ?? {}), updatedBy: row?.updated_by ?? null, updatedAt: row?.updated_at.toISOString() ?? null };
    },
    async declare(tx: Tx, name: string, rules: ModelGates, by: string): Promise<void> {
      await store.upsertGates(tx, name, rules, by);
      await news.changed(tx, name, { type: 'model_gates.changed', data: { name, gates: rules, by } });
    },
    /**
     * Holds the model's gates against a version inside the caller's transaction
     * and keeps how it came out; null where the model declares none.
     */
    async evaluate(tx: Tx, row: ModelVersionRow, why: Occasion): Promise<GateEvaluation | null> {
      const declared = await store.findGates(tx, row.model_name);
      if (!declared) {
        return null;
      }
      const results = judge(ModelGatesSchema.parse(declared.rules), await factsOf(tx, row), await championOf(tx, row.model_name));
      const verdict = results.every(r => r.passed) ? 'passed' : 'failed';
      const isOverridden = verdict === 'failed' && why.overrideComment !== undefined;
      const kept = await store.insertEvaluation(tx, {
        model_name: row.model_name,
        version: row.version,
        verdict,
        trigger: why.trigger,
        results,
        evaluated_by: why.by,
        overridden_by: isOverridden ? why.by : null,
        override_comment: isOverridden ? why.overrideComment! : null
      });
      const data = { name: row.model_name, version: String(row.version), evaluationId: kept.id, verdict, trigger: why.trigger, failed: failedOf(results) };
      await news.changed(tx, row.model_name, { type: 'model_gates.evaluated', data }, ...(isOverridden ? [{ type: 'model_gates.overridden', data: { ...data, by: why.by, comment: why.overrideComment } }] : []));
      return toEvaluation(kept);
    },
    async evaluation(db: Db, id: string): Promise<GateEvaluation | null> {
      const row = await store.findEvaluation(db, id);
      return row ? toEvaluation(row) : null;
    },
    /** The newest evaluation of each version that has one, by its number. */
    async latest(db: Db, name: string, versions: readonly number[]): Promise<ReadonlyMap<number, GateEvaluation>> {
      return new Map((await store.latestEvaluations(db, name, versions)).map(row => [row.version, toEvaluation(row)]));
    },
    async history(db: Db, name: string, version: number, page: { limit: number; cursor?: string }): Promise<{ items: GateEvaluation[]; nextCursor?: string }> {
      if (page.cursor !== undefined && !/^\d{1,18}$/.test(page.cursor)) {
        throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
      }
      const rows = await store.evaluationsOf(db, name, version, { limit: page.limit + 1, before: page.cursor ?? null });
      const shown = rows.slice(0, page.limit);
      return { items: shown.map(toEvaluation), ...(rows.length > page.limit && { nextCursor: shown.at(-1)!.seq }) };
    }
  };
}

/** True where the gates keep the version out. */
export const isRefused = (evaluation: GateEvaluation | null): evaluation is GateEvaluation => evaluation?.verdict === 'failed' && evaluation.override === null;

/** `gates_failed`, with each failed rule under its id. */
export function refusal(evaluation: GateEvaluation): Conflict {
  const failed = evaluation.results.filter(r => !r.passed);
  const told = failed.map(r => `${r.rule} (it is ${r.value ?? 'not known'}${r.champion ? `, the champion's ${r.champion.value ?? 'not known'}` : ''})`);
  return new Conflict('gates_failed', `Version ${evaluation.version} of ${evaluation.model} fails its gates: ${told.join('; ')}. An approver may override them with a comment.`, {
    errors: failed.map(r => ({ path: r.id, message: [r.rule, r.note].filter(Boolean).join('. ') }))
  });
}

function failedOf(results: GateEvaluation['results']): string[] {
  return results.filter(r => !r.passed).map(r => r.id);
}

function toEvaluation(row: GateEvaluationRow): GateEvaluation {
  return {
    id: row.id,
    model: row.model_name,
    version: String(row.version),
    verdict: row.verdict,
    trigger: row.trigger,
    results: row.results,
    evaluatedBy: row.evaluated_by,
    evaluatedAt: row.evaluated_at.toISOString(),
    override: row.overridden_by === null ? null : { by: row.overridden_by, comment: row.override_comment! }
  };
}
