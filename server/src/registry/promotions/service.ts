import type { GateEvaluation, NewPromotion, Promotion, PromotionStatus } from '@slipway/schema';
import { personOf, type Caller } from '../../core/endpoint-router';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../../core/errors';
import type { Log } from '../../core/log';
import type { Db, Tx } from '../../database';
import { isRefused, refusal } from '../gates';
import { checkAlias } from '../names';
import { createRegistryNews, type News } from '../news';
import type { Registry } from '../service';
import { lockModel } from '../store';
import type { PromotionRow } from '../tables';
import * as store from './store';

export type Promotions = ReturnType<typeof createPromotions>;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EXPIRE_EVERY_MS = 5_000;

/**
 * Wishes that a version get an alias. open → approved (the alias moves in the
 * same transaction), rejected, withdrawn by who asked, or expired; an end is final.
 */
export function createPromotions(deps: { db: Db; events: News; registry: Registry; log: Log }) {
  const { db, registry } = deps;
  const news = createRegistryNews(deps.events);
  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(work);
  let timer: NodeJS.Timeout | undefined;
  let sweep: Promise<void> = Promise.resolve();

  const tell = (tx: Tx, row: PromotionRow, evaluation: GateEvaluation | null): Promise<void> =>
    news.changed(tx, row.model_name, { type: `promotion.${row.status === 'open' ? 'requested' : row.status}`, data: { ...toPromotion(row, null), gates: evaluation && { id: evaluation.id, verdict: evaluation.verdict, failed: evaluation.results.filter(r => !r.passed).map(r => r.id) } } });

  async function expireDue(): Promise<void> {
    await inTx(async tx => {
      for (const row of await store.expireDue(tx)) {
        await tell(tx, row, null);
      }
    });
  }

  async function view(row: PromotionRow): Promise<Promotion> {
    return toPromotion(row, row.evaluation_id === null ? null : await registry.evaluation(row.evaluation_id));
  }

  /** An open promotion, held until the transaction ends. */
  async function openOne(tx: Tx, id: string): Promise<PromotionRow> {
    const row = (UUID.test(id) ? await store.lockPromotion(tx, id) : undefined) ?? missing();
    if (row.status !== 'open') {
      throw new Conflict('promotion_closed', `This promotion is ${row.status} already.`);
    }
    return row;
  }

  /** The model before its promotion, as its deletion does: the two never wait for each other. */
  async function lockModelOf(tx: Tx, id: string): Promise<void> {
    const row = (UUID.test(id) ? await store.findPromotion(tx, id) : undefined) ?? missing();
    await lockModel(tx, row.model_name);
  }

  /** @throws {Forbidden} `own_request` where who asked would decide too */
  async function checkOther(tx: Tx, row: PromotionRow, caller: Caller): Promise<void> {
    if (row.requested_by === personOf(caller) && !(await registry.gatesIn(tx, row.model_name)).gates.selfApproval) {
      throw new Forbidden('own_request', 'Somebody else must approve what you asked for, unless the model’s gates say selfApproval.');
    }
  }

  const end = (tx: Tx, row: PromotionRow, status: PromotionStatus, caller: Caller, comment: string | null, evaluation: GateEvaluation | null, replaced: number | null = null): Promise<PromotionRow> =>
    store.updatePromotion(tx, row.id, { replaced_version: replaced, status, decided_by: personOf(caller), decided_at: new Date(), comment, evaluation_id: evaluation?.id ?? row.evaluation_id });

  return {
    /** @throws {Conflict} `promotion_open` where the same is asked already */
    async request(name: string, version: string, input: NewPromotion, caller: Caller): Promise<Promotion> {
      checkAlias(input.alias);
      await expireDue();
      return view(
        await inTx(async tx => {
          const target = await registry.versionIn(tx, name, version);
          const evaluation = await registry.evaluateIn(tx, target, { trigger: 'promotion', by: personOf(caller) });
          const row = await store.insertPromotion(tx, {
            model_name: name,
            version: target.version,
            alias: input.alias,
            instructions: input.instructions,
            requested_by: personOf(caller),
            expires_at: new Date(Date.now() + input.expiresInSeconds * 1_000),
            decided_by: null,
            decided_at: null,
            comment: null,
            evaluation_id: evaluation?.id ?? null,
            replaced_version: null
          });
          if (!row) {
            throw new Conflict('promotion_open', `A promotion of version ${version} to @${input.alias} waits already.`);
          }
          await tell(tx, row, evaluation);
          return row;
        })
      );
    },
    async get(id: string): Promise<Promotion> {
      await expireDue();
      return view((UUID.test(id) ? await store.findPromotion(db, id) : undefined) ?? missing());
    },
    /** Those of a model, or of all. */
    async list(name: string | null, page: { status?: PromotionStatus; limit: number; cursor?: string }): Promise<{ items: Promotion[]; nextCursor?: string }> {
      if (page.cursor !== undefined && !/^\d{1,18}$/.test(page.cursor)) {
        throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
      }
      if (name !== null) {
        await registry.get(name);
      }
      await expireDue();
      const rows = await store.promotionsOf(db, name, { status: page.status, limit: page.limit + 1, before: page.cursor ?? null });
      const shown = rows.slice(0, page.limit);
      return { items: await Promise.all(shown.map(view)), ...(rows.length > page.limit && { nextCursor: shown.at(-1)!.seq }) };
    },
    /**
     * Moves the alias, with the gates' evidence, in one transaction.
     *
     * @throws {Conflict} `gates_failed` (the promotion stays open, the evidence is kept), `promotion_closed`
     * @throws {Forbidden} `own_request`
     */
    async approve(id: string, input: { comment: string; overrideGates: boolean }, caller: Caller): Promise<Promotion> {
      await expireDue();
      const { row, refused } = await inTx(async tx => {
        await lockModelOf(tx, id);
        const open = await openOne(tx, id);
        await checkOther(tx, open, caller);
        const target = await registry.versionIn(tx, open.model_name, String(open.version));
        const why = { trigger: 'promotion' as const, by: personOf(caller), ...(input.overrideGates && { overrideComment: input.comment }) };
        const replaced = await registry.holderIn(tx, open.model_name, open.alias);
        const evaluation = await registry.moveAlias(tx, open.alias, target, why);
        if (isRefused(evaluation)) {
          return { row: await store.updatePromotion(tx, id, { evaluation_id: evaluation.id }), refused: evaluation };
        }
        const row = await end(tx, open, 'approved', caller, input.comment, evaluation, replaced === open.version ? null : replaced);
        await tell(tx, row, evaluation);
        return { row, refused: null };
      });
      if (refused) {
        throw refusal(refused);
      }
      return view(row);
    },
    /** @throws {Forbidden} `own_request`: who asked withdraws instead */
    async reject(id: string, comment: string, caller: Caller): Promise<Promotion> {
      await expireDue();
      const row = await inTx(async tx => {
        const open = await openOne(tx, id);
        await checkOther(tx, open, caller);
        const ended = await end(tx, open, 'rejected', caller, comment, null);
        await tell(tx, ended, null);
        return ended;
      });
      return view(row);
    },
    /** @throws {Forbidden} `not_yours` */
    async withdraw(id: string, comment: string | null, caller: Caller): Promise<Promotion> {
      await expireDue();
      const row = await inTx(async tx => {
        const open = await openOne(tx, id);
        if (open.requested_by !== personOf(caller)) {
          throw new Forbidden('not_yours', 'Only who asked for a promotion may withdraw it.');
        }
        const ended = await end(tx, open, 'withdrawn', caller, comment, null);
        await tell(tx, ended, null);
        return ended;
      });
      return view(row);
    },
    /** From now on what nobody decides in time expires by itself. */
    start(): void {
      timer = setInterval(() => {
        sweep = expireDue().catch(err => deps.log.warn({ err }, 'promotions could not be looked through; trying again'));
      }, EXPIRE_EVERY_MS);
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await sweep;
    }
  };
}

function missing(): never {
  throw new NotFound('no_such_promotion', 'There is no such promotion.');
}

function toPromotion(row: PromotionRow, gates: GateEvaluation | null): Promotion {
  return {
    id: row.id,
    model: row.model_name,
    version: String(row.version),
    alias: row.alias,
    status: row.status,
    instructions: row.instructions,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    comment: row.comment,
    replaced: row.replaced_version === null ? null : String(row.replaced_version),
    gates
  };
}
