import * as React from 'react';
import { DaemonNotice } from '../core/daemon-notice';
import type { Loader } from '../core/loader';
import { Empty, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { QueueTable, RecentTable, RunningTable } from './job-tables';
import type { JobsView } from './loaders';
import { NodeMap } from './node-map';
import { Projects } from './projects';

/** The cluster, its queue, and who gets what. */
export function JobsPage({ loader }: { loader: Loader<JobsView> }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(loader.changed);
  const view = loader.value;
  return (
    <>
      <Heading level={1} title={trans.__('Jobs')} />
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {view && (
        <>
          <NodeMap cluster={view.cluster} mayManage={view.mayManage} />
          <Heading title={trans.__('Running')} />
          {view.running.length > 0 ? <RunningTable jobs={view.running} /> : <Empty title={trans.__('Nothing runs')}>{trans.__('Steps of pipelines show here while they run, with what they hold.')}</Empty>}
          <Heading title={trans.__('Queue')} />
          {view.queued.length > 0 ? <QueueTable jobs={view.queued} /> : <Empty title={trans.__('Nothing waits')} />}
          {view.advice.length > 0 && <Advice view={view} />}
          <Heading title={trans.__('Projects')} />
          <Projects cluster={view.cluster} mayManage={view.mayManage} />
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
          <li key={advice.label}>
            <strong>{advice.label}</strong> {advice.text}
          </li>
        ))}
      </ul>
    </>
  );
}
