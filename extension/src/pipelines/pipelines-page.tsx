import type { Pipeline } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { baseName } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { DurationLine } from './duration-line';
import { NextFire, PauseButton } from './pipeline-schedule';
import { RecentRuns } from './recent-runs';

/** All pipelines: their last runs, when they run next. */
export function PipelinesPage({ loader }: { loader: Loader<Pipeline[]> }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(loader.changed);
  const pipelines = loader.value;
  return (
    <>
      <Heading level={1} title={trans.__('Pipelines')} />
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {pipelines?.length === 0 && (
        <Empty title={trans.__('No pipeline yet')}>{trans.__('Open a notebook and press Productionize in its toolbar: Slipway finds the steps, checks them against the notebook’s own results and saves them here.')}</Empty>
      )}
      {pipelines && pipelines.length > 0 && <PipelineTable pipelines={pipelines} />}
    </>
  );
}

function PipelineTable({ pipelines }: { pipelines: Pipeline[] }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <div className="jp-SlipwayScroll">
      <table className="jp-SlipwayTable">
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
                <RecentRuns runs={pipeline.recentRuns} />
                <DurationLine runs={pipeline.recentRuns} />
              </td>
              <td>
                <NextFire pipeline={pipeline} />
              </td>
              <td>
                <Button kind="link" title={pipeline.notebookPath} onClick={() => void commands.execute(CommandIds.revealCell, { path: pipeline.notebookPath, cellId: null })}>{baseName(pipeline.notebookPath)}</Button>
              </td>
              <td>
                <PauseButton pipeline={pipeline} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
