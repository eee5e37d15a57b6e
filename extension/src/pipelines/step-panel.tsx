import type { PipelineRun, PipelineVersion, StepRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatBytes, formatDuration } from '../core/format';
import { Button, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { CachePanel } from './cache-panel';
import { ApprovalPanel } from './approval-panel';
import { MapItems } from './map-items';
import { withoutEscapes } from './escapes';
import { StepLog } from './step-log';
import { stateWord } from './words';

interface Props {
  run: PipelineRun;
  step: StepRun;
  version: PipelineVersion | null;
}

/** The chosen step: how it went, why it failed, its notebook, its log. */
export function StepPanel({ run, step, version }: Props): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const openNotebook = (): void => void commands.execute(CommandIds.openStepNotebook, { runId: run.runId, step: step.name });
  return (
    <section className="jp-SlipwayStep">
      <Heading title={step.name}>{step.hasNotebook && <Button onClick={openNotebook}>{trans.__('Open the executed notebook')}</Button>}</Heading>
      <p className="jp-SlipwayFaint">{stepFacts(step, trans).join(' · ')}</p>
      {step.pendingReason && <p className="jp-SlipwayNote" role="note">{step.pendingReason}</p>}
      {(step.status === 'succeeded' || step.status === 'failed') && <CachePanel runId={run.runId} step={step.name} isCached={step.cached} />}
      {step.skippedBecause && <p className="jp-SlipwayNote" role="note">{trans.__('Left out.')} {step.skippedBecause}</p>}
      {step.kind === 'human' && <ApprovalPanel run={run} step={step.name} />}
      {step.kind === 'map' && <MapItems run={run} step={step} />}
      {step.error && <StepError error={step.error} version={version} />}
      {step.kind === 'cells' && step.status !== 'skipped' && <StepLog runId={run.runId} step={step} />}
    </section>
  );
}

function stepFacts(step: StepRun, trans: ReturnType<typeof useSlipway>['trans']): string[] {
  return [
    stateWord(trans, step.status),
    step.durationMs === null ? '' : formatDuration(step.durationMs),
    step.attempts > 1 ? trans.__('%1 attempts', step.attempts) : '',
    step.peakMemoryBytes === null ? '' : trans.__('peak memory %1', formatBytes(step.peakMemoryBytes)),
    step.pid === null ? '' : trans.__('process %1', step.pid),
    step.cacheNote ?? ''
  ].filter(fact => fact !== '');
}

function StepError({ error, version }: { error: NonNullable<StepRun['error']>; version: PipelineVersion | null }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <div className="jp-SlipwayNote" data-kind="error" role="alert">
      <strong>{error.message}</strong>
      {error.cellId !== null && version && (
        <Button kind="link" onClick={() => void commands.execute(CommandIds.revealCell, { path: version.notebookPath, cellId: error.cellId })}>{trans.__('Show the cell in the notebook')}</Button>
      )}
      {error.traceback !== null && (
        <details>
          <summary>{trans.__('Traceback')}</summary>
          <pre className="jp-SlipwayLog">{withoutEscapes(error.traceback)}</pre>
        </details>
      )}
      <span className="jp-SlipwayFaint">{error.code}</span>
    </div>
  );
}
