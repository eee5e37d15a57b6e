import type { GateEvaluation } from '@slipway/schema';
import { Conflict } from '../core/errors';
import type { Tx } from '../database';
import type { Changes } from './changes';
import { isRefused, type Gates, type Occasion } from './gates';
import { CHAMPION } from './names';
import { lastAliasMove } from './history';
import * as store from './store';
import type { ModelVersionRow, Stage } from './tables';

/**
 * Lets versions become `champion` and enter the stage Production, each only past
 * the model's gates: then the evaluation that is given back is not refused. Where
 * it is, nothing moved and the evaluation says why.
 */
export function createGatekeeper(deps: { gates: Gates; changes: Changes }) {
  const { gates, changes } = deps;

  return {
    /**
     * Points an alias at a version inside the caller's transaction.
     *
     * @throws {Conflict} `approval_required` where only a promotion may move it
     */
    async moveAlias(tx: Tx, alias: string, row: ModelVersionRow, why: Occasion): Promise<GateEvaluation | null> {
      await store.lockModel(tx, row.model_name); // one champion after the other: each is compared with the one before
      const isGuarded = alias === CHAMPION && !(await isChampion(tx, row));
      if (isGuarded && why.trigger !== 'promotion') {
        await checkApproval(tx, row, `@${CHAMPION}`);
      }
      const evaluation = isGuarded ? await gates.evaluate(tx, row, why) : null;
      if (!isRefused(evaluation)) {
        await changes.alias(tx, row, alias, why.by);
      }
      return evaluation;
    },
    /**
     * Gives an alias back to the version it was taken from, without asking the
     * gates again: they may compare with the very version that took it.
     *
     * @throws {Conflict} `not_undoable` unless this caller took it from that version last, `approval_required`
     */
    async giveBack(tx: Tx, alias: string, row: ModelVersionRow, by: string): Promise<void> {
      await store.lockModel(tx, row.model_name);
      const last = await lastAliasMove(tx, row.model_name, alias);
      if (last?.from !== row.version || last.by !== by) {
        throw new Conflict('not_undoable', `@${alias} was not taken from version ${row.version} by you last: there is nothing to undo. Set it anew instead.`);
      }
      if (alias === CHAMPION) {
        await checkApproval(tx, row, `@${CHAMPION}`);
      }
      await changes.alias(tx, row, alias, by);
    },
    /**
     * Moves a version to a stage. The champion was judged already: it may be in
     * Production as it is.
     *
     * @throws {Conflict} `approval_required`
     */
    async moveStage(tx: Tx, row: ModelVersionRow, stage: Stage, options: { by: string; archiveOthers: boolean }): Promise<GateEvaluation | null> {
      await store.lockModel(tx, row.model_name);
      const isGuarded = stage === 'Production' && row.current_stage !== stage && !(await isChampion(tx, row));
      if (isGuarded) {
        await checkApproval(tx, row, 'the stage Production');
      }
      const evaluation = isGuarded ? await gates.evaluate(tx, row, { trigger: 'stage', by: options.by }) : null;
      if (!isRefused(evaluation)) {
        await changes.stage(tx, row, stage, options);
      }
      return evaluation;
    }
  };

  async function checkApproval(tx: Tx, row: ModelVersionRow, where: string): Promise<void> {
    if ((await gates.declared(tx, row.model_name)).gates.requireApproval) {
      throw new Conflict('approval_required', `The model ${row.model_name} asks for approval: version ${row.version} comes to ${where} by a promotion to @${CHAMPION} that somebody approves.`);
    }
  }
}

async function isChampion(tx: Tx, row: ModelVersionRow): Promise<boolean> {
  return (await store.aliases(tx, [row.model_name])).some(a => a.alias === CHAMPION && a.version === row.version);
}
