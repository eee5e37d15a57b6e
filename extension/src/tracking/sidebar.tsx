import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { Button, Empty, ErrorNote } from '../core/parts';
import { Tabs } from '../core/tabs';
import { useSignal, useSlipway } from '../core/ui';
import { WaitingApprovals } from '../pipelines/approvals-inbox';
import { UnreadFailures } from '../pipelines/unread-failures';
import { WaitingCount } from '../registry/inbox';
import { ExecutionList } from './execution-list';
import { SessionCard } from './session-card';
import type { TrackedNotebook } from './tracked-notebook';
import type { TrackingModel } from './tracking-model';
import { TrialView } from './trial-view';

/** The sidebar: the current notebook's session, its trials and its cell executions. */
export function Sidebar({ model }: { model: TrackingModel }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(model.changed);
  const { current } = model;
  return (
    <div className="jp-SlipwaySidebar">
      <header className="jp-SlipwaySidebar-header">
        <h2>{trans.__('Slipway')}</h2>
        <nav aria-label={trans.__('Pages of Slipway')}>
          <Button kind="link" onClick={() => void commands.execute(CommandIds.openExperiments)}>{trans.__('Experiments')}</Button>
          <Button kind="link" onClick={() => void commands.execute(CommandIds.openPipelines)}>{trans.__('Pipelines')}</Button>
          <UnreadFailures />
          <WaitingApprovals />
          <Button kind="link" onClick={() => void commands.execute(CommandIds.openSweeps)}>{trans.__('Sweeps')}</Button>
          <Button kind="link" onClick={() => void commands.execute(CommandIds.openModels)}>{trans.__('Models')}</Button>
          <Button kind="link" onClick={() => void commands.execute(CommandIds.openJobs)}>{trans.__('Jobs')}</Button>
          <WaitingCount />
        </nav>
      </header>
      <DaemonNotice />
      {current ? <NotebookView key={current.panel.id} notebook={current} /> : <NoNotebook isOn={model.isOn} />}
    </div>
  );
}

function NoNotebook({ isOn }: { isOn: boolean }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  if (!isOn) {
    return (
      <Empty title={trans.__('Tracking is switched off')}>
        <Button kind="link" onClick={() => void commands.execute('settingeditor:open', { query: 'Slipway' })}>{trans.__('Open the settings')}</Button>
      </Empty>
    );
  }
  return (
    <Empty title={trans.__('Open a notebook and run its cells')}>
      {trans.__('Slipway records each run as an experiment, and turns the notebook into a scheduled pipeline when you press Productionize.')}
    </Empty>
  );
}

function NotebookView({ notebook }: { notebook: TrackedNotebook }): React.JSX.Element {
  const { trans } = useSlipway();
  const { model, panel } = notebook;
  useSignal(model.changed);
  const executions = model.executions.length;
  const trials = new Set(model.trials.map(trial => trial.groupKey)).size;
  const hidden = model.executions.filter(row => row.hiddenState.length > 0).length;
  return (
    <>
      <SessionCard model={model} title={panel.context.path} isKernelAlive={panel.sessionContext.session?.kernel != null} />
      <ErrorNote error={model.error} onRetry={() => model.refresh()} />
      {hidden > 0 && (
        <p className="jp-SlipwayNote" data-kind="warning" role="note">
          {trans._n('%1 cell run used names that a later cell had changed.', '%1 cell runs used names that later cells had changed.', hidden)}
        </p>
      )}
      <Tabs
        label={trans.__('What was recorded')}
        tabs={[
          { id: 'trials', label: trans.__('Trials'), count: trials, draw: () => <TrialView model={model} /> },
          { id: 'cells', label: trans.__('Cells'), count: executions, draw: () => <ExecutionList model={model} /> }
        ]}
      />
    </>
  );
}
