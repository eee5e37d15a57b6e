import * as React from 'react';
import { DaemonNotice } from '../core/daemon-notice';
import { Empty, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { QueueTable, RecentTable, RunningTable } from './job-tables';
import { Licences } from './licences';
import type { JobsModel, JobsView } from './loaders';
import { NodeMap } from './node-map';
import { Projects } from './projects';
import { Reservations } from './reservations';

/** The cluster, its queue, and who gets what. */
export function JobsPage({ loader }: { loader: JobsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(loader.changed);
  const view = loader.value;
  return (
    <>
      <Heading level={1} title={trans.__('Jobs')}>
        <label>
          <input type="checkbox" checked={loader.isMine} onChange={event => loader.showMine(event.target.checked)} /> {trans.__('Only mine')}
        </label>
      </Heading>
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {view && (
        <>
          <NodeMap cluster={view.cluster} mayManage={view.mayManage} />
          <Heading title={trans.__('Running')} />
          {view.running.length > 0 ? <RunningTable jobs={view.running} nodes={view.cluster.nodes} /> : <Empty title={loader.isMine ? trans.__('Nothing of yours runs') : trans.__('Nothing runs')}>{trans.__('Steps of pipelines show here while they run, with what they hold.')}</Empty>}
          <Heading title={trans.__('Queue')} />
          {view.queued.length > 0 ? <QueueTable jobs={view.queued} /> : <Empty title={loader.isMine ? trans.__('Nothing of yours waits') : trans.__('Nothing waits')}>{trans.__('Jobs that find no room wait here, in the order they will start, and say what for.')}</Empty>}
          {view.advice.length > 0 && <Advice view={view} />}
          <Heading title={trans.__('Projects')} />
          <Projects cluster={view.cluster} mayManage={view.mayManage} />
          <Reservations cluster={view.cluster} mayManage={view.mayManage} />
          <Licences licences={view.cluster.licences} mayManage={view.mayManage} />
          {view.recent.length > 0 && (
            <>
              <Heading title={trans.__('Lately ended')} />
              <RecentTable jobs={view.recent} />
            </>
          )}
        </>
      )}
    </>
  );
}

function Advice({ view }: { view: JobsView }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <>
      <Heading title={trans.__('Ask for less')} />
      <ul className="jp-SlipwayAdvice">
        {view.advice.map(advice => (
          <li key={`${advice.label} ${advice.about}`}>
            <strong>{advice.label}</strong> {advice.text} {advice.cellId !== null && <span className="jp-SlipwayFaint">{trans.__('Cell %1 needs most.', advice.cellId)}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
