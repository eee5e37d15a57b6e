import type { PipelineRun, PipelineVersion, StepRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatBytes, formatDuration } from '../core/format';
import { Button, Heading } from '../core/parts';
import { stateWord } from '../core/states';
import { useSlipway } from '../core/ui';
import { CachePanel } from './cache-panel';
import { ApprovalPanel } from './approval-panel';
import { MapItems } from './map-items';
import { StepError } from './step-error';
import { StepLog } from './step-log';

interface Props {
  run: PipelineRun;
  step: StepRun;
  version: PipelineVersion | null;
  /** Takes the run as a command answered with it. */
  onChanged: (run: PipelineRun) => void;
}

/** The chosen step: how it went, why it failed, its notebook, its log. */
export function StepPanel({ run, step, version, onChanged }: Props): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const openNotebook = (): void => void commands.execute(CommandIds.openStepNotebook, { runId: run.runId, step: step.name });
  return (
    <section className="jp-SlipwayStep">
      <Heading title={step.name}>{step.hasNotebook && <Button onClick={openNotebook}>{trans.__('Open the executed notebook')}</Button>}</Heading>
      <p className="jp-SlipwayFaint">{stepFacts(step, trans).join(' · ')}</p>
      {step.pendingReason && <p className="jp-SlipwayNote" role="note">{step.pendingReason}</p>}
      {run.version > 0 && (step.status === 'succeeded' || step.status === 'failed') && <CachePanel runId={run.runId} step={step.name} isCached={step.cached} />}
      {step.skippedBecause && <p className="jp-SlipwayNote" role="note">{trans.__('Left out.')} {step.skippedBecause}</p>}
      {step.kind === 'human' && <ApprovalPanel run={run} step={step.name} />}
      {step.kind === 'map' && <MapItems run={run} step={step} onChanged={onChanged} />}
      {step.error && <StepError error={step.error} notebookPath={version?.notebookPath ?? run.origin.notebook?.path ?? null} />}
      {step.kind === 'cells' && step.status !== 'skipped' && <StepLog runId={run.runId} step={step.name} attempts={step.attempts} />}
    </section>
  );
}

function stepFacts(step: StepRun, trans: ReturnType<typeof useSlipway>['trans']): string[] {
  return [
    stateWord(trans, step.status),
    step.durationMs === null ? '' : formatDuration(step.durationMs),
    step.attempts > 1 ? trans.__('%1 attempts', step.attempts) : '',
    step.peakMemoryBytes === null ? '' : trans.__('peak memory %1', formatBytes(step.peakMemoryBytes)),
    step.peakGpuMemoryBytes === null ? '' : trans.__('peak GPU memory %1', formatBytes(step.peakGpuMemoryBytes)),
    step.gpuPercent === null ? '' : trans.__('GPUs %1 %% busy', Math.round(step.gpuPercent)),
    step.pid === null ? '' : trans.__('process %1', step.pid),
    step.cacheNote ?? ''
  ].filter(fact => fact !== '');
}
