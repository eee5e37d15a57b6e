import { endpoints, type PipelineRun, type StepRun } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { isOver } from '../core/states';
import { useAction, useSlipway } from '../core/ui';

/** Cancel a run that goes on; retry one that ended. */
export function RunActions({ run, step, onChanged }: { run: PipelineRun; step: StepRun | null; onChanged: (run: PipelineRun) => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const params = { runId: run.runId };
  const cancel = useAction(async () => onChanged(await client.call(endpoints.pipelines.cancelRun, { params })));
  const retry = useAction(async (fromStep?: string) => onChanged(await client.call(endpoints.pipelines.retryRun, { params, body: fromStep === undefined ? {} : { fromStep } })));
  const isLive = run.status === 'queued' || run.status === 'running';
  return (
    <>
      {isLive && <Button kind="warn" disabled={cancel.isBusy} onClick={() => cancel.run()}>{trans.__('Cancel run')}</Button>}
      {(run.status === 'failed' || run.status === 'cancelled') && <Button kind="accept" disabled={retry.isBusy} onClick={() => retry.run()}>{trans.__('Retry from failed step')}</Button>}
      {isOver(run.status) && step && <Button disabled={retry.isBusy} onClick={() => retry.run(step.name)}>{trans.__('Run again from “%1”', step.name)}</Button>}
      <ErrorNote error={cancel.error ?? retry.error} />
    </>
  );
}
