import type { Approval, ApprovalStatus, Decision } from '@slipway/schema';
import { personBehind, personOf, type Caller } from '../core/endpoint-router';
import { Conflict, Forbidden, NotFound } from '../core/errors';
import { isUuid } from '../core/uuid';
import type { Db } from '../database';
import * as store from './approval-store';
import { changeStep, failStep, stepAt } from './live-run';
import { noMove, type RunBook } from './run-book';

const LIMIT = 200;

export type Approvals = ReturnType<typeof createApprovals>;

/** Steps that a person takes: who may, what they said, and what follows. Nothing runs meanwhile. */
export function createApprovals(deps: { db: Db; book: RunBook }) {
  const { db, book } = deps;

  /** Ends an approval and moves its run on, in one transaction. @throws Conflict `approval_closed` */
  async function close(at: { runId: string; ordinal: number }, set: { status: 'approved' | 'rejected' | 'expired'; decided_by: string | null; comment: string | null }): Promise<void> {
    await book.move(
      at.runId,
      run => {
        const move = noMove();
        const step = stepAt(run, at.ordinal);
        if (step?.status === 'awaiting' && set.status === 'approved') {
          changeStep(step, move.changes, 'succeeded', { ended_at: new Date(), error: null });
        } else if (step?.status === 'awaiting') {
          failStep(step, move.changes, set.status === 'expired' ? 'approval_expired' : 'rejected', wordsOf(set));
        }
        return move;
      },
      async tx => {
        if (!(await store.closeApproval(tx, at, set))) {
          throw new Conflict('approval_closed', 'This step waits for nobody any more: it was decided, has expired or was cancelled.');
        }
      }
    );
  }

  async function one(runId: string, step: string): Promise<store.ApprovalView> {
    const [row] = isUuid(runId) ? await store.listApprovals(db, { runId, step, limit: 1 }) : [];
    if (!row) {
      throw new NotFound('approval_not_found', `Nobody has been asked about the step ${step} of run ${runId}.`);
    }
    return row;
  }

  return {
    async list(query: { status?: ApprovalStatus; runId?: string; mine: boolean }, caller: Caller): Promise<{ items: Approval[] }> {
      const rows = await store.listApprovals(db, { ...query, limit: LIMIT });
      const items = rows.map(row => toApproval(row, caller));
      return { items: query.mine ? items.filter(a => a.status === 'open' && a.mayNotDecide === null) : items };
    },
    /**
     * @throws Forbidden `own_run`, `not_an_approver`
     * @throws Conflict `approval_closed`
     */
    async decide(runId: string, step: string, decision: Decision, caller: Caller): Promise<Approval> {
      const row = await one(runId, step);
      const refusal = whyNot(row, caller);
      if (refusal) {
        throw new Forbidden(refusal.code, refusal.message);
      }
      await close({ runId, ordinal: row.ordinal }, { status: decision.decision === 'approve' ? 'approved' : 'rejected', decided_by: personOf(caller), comment: decision.comment });
      return toApproval(await one(runId, step), caller);
    },
    /** Its time is up: nobody said yes. */
    expire: (runId: string, ordinal: number): Promise<void> => close({ runId, ordinal }, { status: 'expired', decided_by: null, comment: null })
  };
}

function wordsOf(set: { status: string; decided_by: string | null; comment: string | null }): string {
  return set.status === 'expired' ? 'Nobody decided in time.' : `Rejected by ${set.decided_by}${set.comment ? `: ${set.comment}` : '.'}`;
}

function whyNot(row: store.ApprovalView, caller: Caller): { code: string; message: string } | null {
  const person = personOf(caller);
  if (personBehind(row.created_by) === person && !row.self_approval) {
    return { code: 'own_run', message: 'Somebody else must decide about a run that you started: who has a token of another name (`slipway tokens add NAME`). Whoever works alone lets the step be decided by who started the run.' };
  }
  if (row.approvers.length > 0 && !row.approvers.some(name => name === person || `token:${name}` === person)) {
    return { code: 'not_an_approver', message: `Only these may decide: ${row.approvers.join(', ')}.` };
  }
  return caller.permissions.has('pipelines:approve') ? null : { code: 'forbidden', message: 'This token lacks the permission pipelines:approve.' };
}

function toApproval(row: store.ApprovalView, caller: Caller): Approval {
  return {
    runId: row.run_id,
    pipeline: row.pipeline,
    version: row.version,
    step: row.step,
    instructions: row.instructions,
    approvers: row.approvers,
    status: row.status,
    requestedBy: personBehind(row.created_by),
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    comment: row.comment,
    mayNotDecide: row.status === 'open' ? (whyNot(row, caller)?.message ?? null) : `It is ${row.status} already.`
  };
}
