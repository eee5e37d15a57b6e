import { endpoints, type Pipeline } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { baseName } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useAction, useSignal, useSlipway } from '../core/ui';
import { UndoNote, type Undoable } from '../core/undo';
import { ApprovalsInbox } from './approvals-inbox';
import { DurationLine } from './duration-line';
import { NextFire, PauseButton } from './pipeline-schedule';
import { RecentRuns } from './recent-runs';

/** All pipelines: their last runs, when they run next. */
export function PipelinesPage({ loader }: { loader: Loader<Pipeline[]> }): React.JSX.Element {
  const { trans, client, commands } = useSlipway();
  useSignal(loader.changed);
  const [removed, setRemoved] = React.useState<Undoable | null>(null);
  const pipelines = loader.value;
  const onRemoved = (name: string): void => {
    const undo = async (): Promise<void> => {
      await client.call(endpoints.pipelines.restore, { params: { name } });
      loader.refresh();
    };
    setRemoved({ words: trans.__('%1 was removed with its schedules; its runs and models stay.', name), undo });
    loader.refresh();
  };
  return (
    <>
      <Heading level={1} title={trans.__('Pipelines')}>
        <Button onClick={() => void commands.execute(CommandIds.openSweeps)}>{trans.__('Sweeps')}</Button>
      </Heading>
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      <UndoNote done={removed} onGone={() => setRemoved(null)} />
      <ApprovalsInbox />
      {pipelines?.length === 0 && (
        <Empty title={trans.__('No pipeline yet')}>{trans.__('Open a notebook and press Productionize in its toolbar: Slipway finds the steps, checks them against the notebook’s own results and saves them here.')}</Empty>
      )}
      {pipelines && pipelines.length > 0 && <PipelineTable pipelines={pipelines} onRemoved={onRemoved} />}
    </>
  );
}

function PipelineTable({ pipelines, onRemoved }: { pipelines: Pipeline[]; onRemoved: (name: string) => void }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <div className="jp-SlipwayScroll">
      <table className="jp-SlipwayTable" aria-label={trans.__('Pipelines')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('Last runs')}</th>
            <th scope="col">{trans.__('Next run')}</th>
            <th scope="col">{trans.__('Notebook')}</th>
            <th scope="col" aria-label={trans.__('Actions')} />
          </tr>
        </thead>
        <tbody>
          {pipelines.map(pipeline => (
            <tr key={pipeline.name}>
              <th scope="row">
                <Button kind="link" onClick={() => void commands.execute(CommandIds.openPipeline, { name: pipeline.name })}>{pipeline.name}</Button>{' '}
                <span className="jp-SlipwayFaint">v{pipeline.latestVersion}</span>{' '}
                {pipeline.unreadFailures > 0 && <span className="jp-SlipwayUnread">{trans._n('%1 failed', '%1 failed', pipeline.unreadFailures)}</span>}
              </th>
              <td>
                <span className="jp-SlipwayLastRuns">
                  <RecentRuns runs={pipeline.recentRuns} />
                  <DurationLine runs={pipeline.recentRuns} />
                </span>
              </td>
              <td>
                <NextFire pipeline={pipeline} />
              </td>
              <td>
                <Button kind="link" title={pipeline.notebookPath} onClick={() => void commands.execute(CommandIds.revealCell, { path: pipeline.notebookPath, cellId: null })}>{baseName(pipeline.notebookPath)}</Button>
              </td>
              <td className="jp-SlipwayTable-actions">
                <PauseButton pipeline={pipeline} />
                <RemoveButton pipeline={pipeline.name} onRemoved={() => onRemoved(pipeline.name)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RemoveButton({ pipeline, onRemoved }: { pipeline: string; onRemoved: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const remove = useAction(async () => {
    await client.call(endpoints.pipelines.remove, { params: { name: pipeline } });
    onRemoved();
  });
  return (
    <>
      <Button kind="link" disabled={remove.isBusy} aria-label={trans.__('Remove the pipeline %1', pipeline)} onClick={() => remove.run()}>{trans.__('Remove')}</Button>
      <ErrorNote error={remove.error} />
    </>
  );
}
