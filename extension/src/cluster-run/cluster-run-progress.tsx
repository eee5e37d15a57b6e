import type { PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatDuration, formatValue } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, ErrorNote, Heading, StateMark } from '../core/parts';
import { isOver, stateWord } from '../core/states';
import { useClock, useSignal, useSlipway } from '../core/ui';
import type { RunDetail } from '../pipelines/loaders';
import { RunActions } from '../pipelines/run-actions';
import { StepPanel } from '../pipelines/step-panel';

/** How the run goes: its state, why it waits, its log, and at the end what it gave. */
export function ClusterRunProgress({ loader }: { loader: Loader<RunDetail> }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(loader.changed);
  const run = loader.value?.run;
  const isLive = run !== undefined && !isOver(run.status);
  const now = useClock(isLive);
  const [step] = run?.steps ?? [];
  if (!run) {
    return <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />;
  }
  const put = (next: PipelineRun): void => loader.put({ run: next, version: null });
  const duration = run.durationMs ?? (run.startedAt === null ? null : now - Date.parse(run.startedAt));
  return (
    <section aria-label={trans.__('The run')} aria-live="polite">
      <Heading title={trans.__('The run')}>
        <RunActions run={run} step={null} onChanged={put} />
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openRun, { runId: run.runId })}>{trans.__('Open its page')}</Button>
      </Heading>
      <div className="jp-SlipwayRun-facts">
        <StateMark state={run.status} label={stateWord(trans, run.status)} showLabel />
        {duration !== null && <span>{formatDuration(duration)}</span>}
        {Object.entries(run.metrics).map(([name, value]) => (
          <span key={name}>
            <code>{name}</code> <strong>{formatValue(value)}</strong>
          </span>
        ))}
      </div>
      {step && <StepPanel run={run} step={step} version={null} onChanged={put} />}
    </section>
  );
}
