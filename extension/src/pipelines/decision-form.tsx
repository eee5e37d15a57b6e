import { endpoints, type Approval } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { personWord } from '../core/person-word';
import { useAction, useSlipway } from '../core/ui';

/** What a step that a person takes asks, who may answer, and the answer: for a run's page and for the list of all that waits. */
export function DecisionForm({ approval, onDecided }: { approval: Approval; onDecided: (approval: Approval) => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [comment, setComment] = React.useState('');
  const params = { runId: approval.runId, step: approval.step };
  const decide = useAction(async (decision: 'approve' | 'reject') => onDecided(await client.call(endpoints.orchestration.decide, { params, body: { decision, comment } })));
  const isOpen = approval.status === 'open';
  const what = trans.__('%1 of %2', approval.step, approval.pipeline);
  return (
    <div className="jp-SlipwayApproval">
      {approval.instructions !== '' && <p className="jp-SlipwayApproval-instructions">{approval.instructions}</p>}
      <p className="jp-SlipwayFaint">{historyOf(approval, trans).join(' · ')}</p>
      {approval.comment && <blockquote>{approval.comment}</blockquote>}
      {isOpen && approval.mayNotDecide !== null && <p className="jp-SlipwayNote" role="note">{approval.mayNotDecide}</p>}
      {isOpen && approval.mayNotDecide === null && (
        <>
          <label className="jp-SlipwayField">
            <span>{trans.__('Comment')}</span>
            <textarea rows={2} maxLength={10_000} value={comment} onChange={event => setComment(event.target.value)} />
          </label>
          <div className="jp-SlipwayApproval-buttons">
            <Button kind="accept" disabled={decide.isBusy} aria-label={trans.__('Approve %1', what)} onClick={() => decide.run('approve')}>{trans.__('Approve')}</Button>
            <Button kind="warn" disabled={decide.isBusy} aria-label={trans.__('Reject %1', what)} onClick={() => decide.run('reject')}>{trans.__('Reject')}</Button>
          </div>
        </>
      )}
      <ErrorNote error={decide.error} />
    </div>
  );
}

function historyOf(approval: Approval, trans: ReturnType<typeof useSlipway>['trans']): string[] {
  return [
    trans.__('asked %1', formatTime(approval.requestedAt)),
    trans.__('run started by %1', personWord(trans, approval.requestedBy)),
    approval.approvers.length > 0 ? trans.__('for %1', approval.approvers.join(', ')) : '',
    approval.status === 'open' && approval.expiresAt !== null ? trans.__('until %1', formatTime(approval.expiresAt)) : '',
    approval.status === 'expired' ? trans.__('nobody decided in time') : '',
    approval.status === 'cancelled' ? trans.__('the run ended before anybody decided') : '',
    approval.decidedBy !== null ? (approval.status === 'approved' ? trans.__('approved by %1', personWord(trans, approval.decidedBy)) : trans.__('rejected by %1', personWord(trans, approval.decidedBy))) : ''
  ].filter(fact => fact !== '');
}
