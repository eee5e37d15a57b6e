import type { RunDetail } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { baseName, formatDuration } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, ErrorNote, Heading, StateMark } from '../core/parts';
import { Tabs } from '../core/tabs';
import { useClock, useSignal, useSlipway } from '../core/ui';
import { SameInputs } from '../lineage/same-inputs';
import { formatInstant, formatSpan } from './format';
import { RunFiles } from './run-files';
import { RunOverview } from './run-overview';
import { TrackedRunActions } from './tracked-run-actions';
import { RunEnvironment, RunSource } from './run-source';
import { kindWord, stateOf, statusWord } from './words';

/** One run: what it measured, with which params, from which cells, and what it left. */
export function TrackedRunPage({ loader }: { loader: Loader<RunDetail> }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(loader.changed);
  const run = loader.value;
  if (!run) {
    return (
      <>
        <DaemonNotice />
        <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      </>
    );
  }
  return (
    <div className="jp-SlipwayTrackedRun">
      <Heading
        level={1}
        title={
          <>
            <Button kind="link" onClick={() => void commands.execute(CommandIds.openExperiments, { experimentId: run.experiment.id })}>{run.experiment.name}</Button> · {run.name}
          </>
        }
      />
      <DaemonNotice />
      <Facts run={run} />
      <TrackedRunActions run={run} onChanged={() => loader.refresh()} />
      <SameInputs runId={run.id} />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      <Tabs
        label={trans.__('The run')}
        tabs={[
          { id: 'overview', label: trans.__('Overview'), draw: () => <RunOverview run={run} onSaved={next => loader.put(next)} /> },
          { id: 'files', label: trans.__('Files'), draw: () => <RunFiles runId={run.id} /> },
          { id: 'source', label: trans.__('Cells'), count: run.cells.length, draw: () => <RunSource run={run} /> },
          { id: 'environment', label: trans.__('Environment'), draw: () => <RunEnvironment run={run} /> }
        ]}
      />
    </div>
  );
}

function Facts({ run }: { run: RunDetail }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const isLive = run.status === 'RUNNING' && run.startedMs > 0;
  const now = useClock(isLive, 1_000);
  const lastCell = run.cells[run.cells.length - 1]?.cellId ?? null;
  return (
    <div className="jp-SlipwayRun-facts">
      <StateMark state={stateOf(run.status)} label={statusWord(trans, run.status)} showLabel />
      <span>{isLive ? formatDuration(Math.max(0, now - run.startedMs)) : formatSpan(run.durationMs)}</span>
      <span className="jp-SlipwayFaint">{trans.__('%1, started %2 by %3', kindWord(trans, run.kind), formatInstant(run.startedMs), run.user || '–')}</span>
      {run.notebookPath !== null && (
        <Button kind="link" title={run.notebookPath} onClick={() => void commands.execute(CommandIds.revealCell, { path: run.notebookPath, cellId: lastCell })}>
          {lastCell === null ? baseName(run.notebookPath) : trans.__('cell in %1', baseName(run.notebookPath))}
        </Button>
      )}
      <Button kind="link" onClick={() => void commands.execute(CommandIds.openLineage, { uri: `run:${run.id}` })}>{trans.__('Lineage')}</Button>
      {run.parent && (
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openTrackedRun, { runId: run.parent!.id, name: run.parent!.name })}>
          {trans.__('of %1', run.parent.name)}
        </Button>
      )}
      {run.childCount > 0 && (
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openExperiments, { experimentId: run.experiment.id, filter: `tags.mlflow.parentRunId = '${run.id}'` })}>
          {trans._n('%1 run within', '%1 runs within', run.childCount)}
        </Button>
      )}
    </div>
  );
}
