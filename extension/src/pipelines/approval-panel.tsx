import { endpoints, type Approval, type PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import { DecisionForm } from './decision-form';

/** A step of a run that a person takes: what to look at, and the decision. */
export function ApprovalPanel({ run, step }: { run: PipelineRun; step: string }): React.JSX.Element | null {
  const { client } = useSlipway();
  const [approval, setApproval] = React.useState<Approval | null>(null);
  const status = run.steps.find(s => s.name === step)?.status;
  React.useEffect(() => {
    let isGone = false;
    client.call(endpoints.orchestration.approvals, { query: { runId: run.runId } }).then(
      ({ items }) => void (isGone || setApproval(items.find(a => a.step === step) ?? null)),
      () => undefined // the page tells of a daemon that is away
    );
    return () => void (isGone = true);
  }, [client, run.runId, step, status]);
  return approval && <DecisionForm approval={approval} onDecided={setApproval} />;
}
