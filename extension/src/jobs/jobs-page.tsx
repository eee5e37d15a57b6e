import * as React from 'react';
import { DaemonNotice } from '../core/daemon-notice';
import { formatCount } from '../core/format';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { QueueTable, RecentTable, RunningTable } from './job-tables';
import { EngineMap } from './engine-map';
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
        {view && <ProjectFilter loader={loader} projects={view.cluster.projects.map(p => p.project)} />}
        <label>
          <input type="checkbox" checked={loader.isMine} onChange={event => loader.showMine(event.target.checked)} /> {trans.__('Only mine')}
        </label>
      </Heading>
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {view && (
        <>
          <NodeMap cluster={view.cluster} mayManage={view.mayManage} />
          <EngineMap />
          <Heading title={trans.__('Running')} />
          {view.running.length > 0 ? <><RunningTable jobs={view.running} nodes={view.cluster.nodes} /><AndMore loader={loader} of="running" /></> : <Empty title={loader.isMine ? trans.__('Nothing of yours runs') : trans.__('Nothing runs')}>{trans.__('Steps of pipelines show here while they run, with what they hold.')}</Empty>}
          <Heading title={trans.__('Queue')} />
          {view.queued.length > 0 ? <><QueueTable jobs={view.queued} /><AndMore loader={loader} of="queued" /></> : <Empty title={loader.isMine ? trans.__('Nothing of yours waits') : trans.__('Nothing waits')}>{trans.__('Jobs that find no room wait here, in the order they will start, and say what for.')}</Empty>}
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

/** Says what is not shown of a long list, and shows more of it. */
function AndMore({ loader, of }: { loader: JobsModel; of: 'queued' | 'running' }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const more = loader.value!.total[of] - loader.value![of].length;
  if (more <= 0) {
    return null;
  }
  return (
    <p className="jp-SlipwayJobs-more">
      <span className="jp-SlipwayFaint">{trans.__('and %1 more', formatCount(more))}</span> <Button kind="link" aria-label={of === 'queued' ? trans.__('Show more that wait') : trans.__('Show more that run')} onClick={() => loader.showMore(of)}>{trans.__('Show more')}</Button>
    </p>
  );
}

function ProjectFilter({ loader, projects }: { loader: JobsModel; projects: string[] }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const known = [...new Set([...projects, ...(loader.project === null ? [] : [loader.project])])];
  if (known.length < 2) {
    return null;
  }
  return (
    <label>
      {trans.__('Jobs of')}{' '}
      <select value={loader.project ?? ''} onChange={event => loader.showProject(event.target.value || null)}>
        <option value="">{trans.__('all projects')}</option>
        {known.map(project => <option key={project} value={project}>{project}</option>)}
      </select>
    </label>
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
