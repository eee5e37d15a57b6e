import { endpoints, type Approval, type PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';

/** A step that a person takes: what to look at, and the decision. */
export function ApprovalPanel({ run, step }: { run: PipelineRun; step: string }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const [approval, setApproval] = React.useState<Approval | null>(null);
  const [comment, setComment] = React.useState('');
  const status = run.steps.find(s => s.name === step)?.status;
  React.useEffect(() => {
    let isGone = false;
    client.call(endpoints.orchestration.approvals, { query: { runId: run.runId } }).then(
      ({ items }) => void (isGone || setApproval(items.find(a => a.step === step) ?? null)),
      () => undefined // the page tells of a daemon that is away
    );
    return () => void (isGone = true);
  }, [client, run.runId, step, status]);
  const decide = useAction(async (decision: 'approve' | 'reject') => setApproval(await client.call(endpoints.orchestration.decide, { params: { runId: run.runId, step }, body: { decision, comment } })));
  if (!approval) {
    return null;
  }
  return (
    <div className="jp-SlipwayApproval">
      {approval.instructions !== '' && <p className="jp-SlipwayApproval-instructions">{approval.instructions}</p>}
      <p className="jp-SlipwayFaint">{historyOf(approval, trans).join(' · ')}</p>
      {approval.comment && <blockquote>{approval.comment}</blockquote>}
      {approval.status === 'open' && approval.mayNotDecide !== null && <p className="jp-SlipwayNote" role="note">{approval.mayNotDecide}</p>}
      {approval.status === 'open' && approval.mayNotDecide === null && (
        <>
          <label className="jp-SlipwayField">
            <span>{trans.__('Comment')}</span>
            <textarea rows={2} maxLength={10_000} value={comment} onChange={event => setComment(event.target.value)} />
          </label>
          <div className="jp-SlipwayApproval-buttons">
            <Button kind="accept" disabled={decide.isBusy} onClick={() => decide.run('approve')}>{trans.__('Approve')}</Button>
            <Button kind="warn" disabled={decide.isBusy} onClick={() => decide.run('reject')}>{trans.__('Reject')}</Button>
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
    trans.__('run started by %1', approval.requestedBy),
    approval.approvers.length > 0 ? trans.__('for %1', approval.approvers.join(', ')) : '',
    approval.status === 'open' && approval.expiresAt !== null ? trans.__('until %1', formatTime(approval.expiresAt)) : '',
    approval.decidedBy !== null ? (approval.status === 'approved' ? trans.__('approved by %1', approval.decidedBy) : trans.__('rejected by %1', approval.decidedBy)) : ''
  ].filter(fact => fact !== '');
}
