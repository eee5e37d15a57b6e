import type { DeclaredGates, GateEvaluation, ModelGates } from '@slipway/schema';
import { ModelGates as ModelGatesSchema } from '@slipway/schema';
import type { Artifacts } from '../../artifacts';
import { Conflict, InvalidInput } from '../../core/errors';
import type { Db, Tx } from '../../database';
import type { Tracking } from '../../tracking';
import type { createRegistryNews } from '../news';
import type { GateEvaluationRow, ModelVersionRow } from '../tables';
import { createFacts, type Occasion } from './facts';
import { judge, verdictOf } from './rules';
import * as store from './store';

export type Gates = ReturnType<typeof createGates>;
/** What each model asks of a version, and how its versions came out. */
export function createGates(deps: { artifacts: Artifacts; tracking: Tracking; news: ReturnType<typeof createRegistryNews> }) {
  const { news } = deps;
  const { championOf, factsOf, hasSignature } = createFacts(deps);

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
      const rules = ModelGatesSchema.parse(declared.rules);
      const results = judge(rules, await factsOf(tx, row, rules, why), await championOf(tx, row.model_name));
      const verdict = verdictOf(results);
      const isOverridden = verdict !== 'passed' && why.overrideComment !== undefined;
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
      const data = { name: row.model_name, version: String(row.version), evaluationId: kept.id, verdict, trigger: why.trigger, failed: failedOf(results), isMeasuring: results.some(r => r.isPending) };
      await news.changed(tx, row.model_name, { type: 'model_gates.evaluated', data }, ...(isOverridden ? [{ type: 'model_gates.overridden' as const, data: { ...data, by: why.by, comment: why.overrideComment } }] : []));
      return toEvaluation(kept);
    },
    /** @throws {Conflict} `signature_required` where the model asks for a signature and the files have none */
    async checkSignature(tx: Tx, name: string, folder: string | null): Promise<void> {
      const declared = await store.findGates(tx, name);
      if (declared && ModelGatesSchema.parse(declared.rules).requireSignature && !(await hasSignature(folder))) {
        throw new Conflict('signature_required', `The model ${name} takes versions with a signature only, and this one has none here. Log the model with an input_example or a signature.`);
      }
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
export const isRefused = (evaluation: GateEvaluation | null): evaluation is GateEvaluation => evaluation !== null && evaluation.verdict !== 'passed' && evaluation.override === null;

/** `gates_failed`, or `gates_pending` while something is measured, with each rule that keeps the version out under its id. */
export function refusal(evaluation: GateEvaluation): Conflict {
  const { verdict, version, model } = evaluation;
  const open = evaluation.results.filter(r => !r.passed && (verdict === 'pending' || !r.isPending));
  const told = open.map(r => `${r.rule} (it is ${r.value ?? 'not known'}${r.champion ? `, the champion's ${r.champion.value ?? 'not known'}` : ''})`);
  const says = verdict === 'pending' ? `Version ${version} of ${model} is being measured: ${open.map(r => r.rule).join('; ')}. Try again in a moment.` : `Version ${version} of ${model} fails its gates: ${told.join('; ')}. An approver may override them with a comment.`;
  return new Conflict(`gates_${verdict}`, says, { errors: open.map(r => ({ path: r.id, message: [r.rule, r.note].filter(Boolean).join('. ') })) });
}

function failedOf(results: GateEvaluation['results']): string[] {
  return results.filter(r => !r.passed && !r.isPending).map(r => r.id);
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
