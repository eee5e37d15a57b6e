import { endpoints, type ClusterNode, type Job } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime } from '../core/format';
import { Button, ErrorNote, StateMark } from '../core/parts';
import { personWord } from '../core/person-word';
import { stateWord } from '../core/states';
import { useAction, useClock, useSlipway } from '../core/ui';
import { LivePanel } from './live-panel';
import { askedOf, expectedWords, placesOf, runningWords } from './words';

/** What waits, in the order it is expected to start, and why. */
export function QueueTable({ jobs }: { jobs: Job[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const now = useClock(true, 5_000);
  return (
    <Table columns={[trans.__('Place'), trans.__('Job'), trans.__('Asks for'), trans.__('Why it waits'), trans.__('Starts')]} label={trans.__('Queue')}>
      {jobs.map(job => (
        <tr key={job.id}>
          <td>{job.position ?? '–'}</td>
          <JobName job={job} />
          <td>{askedOf(job, trans)}</td>
          <td className="jp-SlipwayWhy">{job.pendingReason}</td>
          <td>{expectedWords(job, now, trans)}</td>
          <Actions job={job} mayMove />
        </tr>
      ))}
    </Table>
  );
}

/** With that of the actions. */
const RUNNING_COLUMNS = 5;

export function RunningTable({ jobs, nodes }: { jobs: Job[]; nodes: readonly Pick<ClusterNode, 'id' | 'name'>[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const now = useClock(true, 1_000);
  return (
    <Table columns={[trans.__('Job'), trans.__('Holds'), trans.__('Where'), trans.__('Runs')]} label={trans.__('Running')}>
      {jobs.map(job => (
        <RunningJob key={job.id} job={job} where={job.engine ?? placesOf({ nodeIds: job.nodes, deviceIds: [] }, nodes, trans)} now={now} />
      ))}
    </Table>
  );
}

function RunningJob({ job, where, now }: { job: Job; where: string; now: number }): React.JSX.Element {
  const { trans } = useSlipway();
  const [isOpen, setOpen] = React.useState(false);
  return (
    <>
      <tr>
        <JobName job={job} />
        <td>{askedOf(job, trans)}</td>
        <td>{where || '–'}</td>
        <td>
          {runningWords(job, now, trans)}
          {job.pendingReason !== null && <div className="jp-SlipwayFaint">{job.pendingReason}</div>}
          {job.makesRoomFor !== null && <div className="jp-SlipwayFaint">{trans.__('Makes room for %1; it starts again later.', job.makesRoomFor)}</div>}
        </td>
        <Actions job={job}>
          <Button kind="link" aria-expanded={isOpen} aria-label={trans.__('Live metrics of %1', job.label)} onClick={() => setOpen(!isOpen)}>{isOpen ? trans.__('Hide') : trans.__('Live')}</Button>
        </Actions>
      </tr>
      {isOpen && (
        <tr className="jp-SlipwayLive-row">
          <td colSpan={RUNNING_COLUMNS}>
            <LivePanel job={job} />
          </td>
        </tr>
      )}
    </>
  );
}

export function RecentTable({ jobs }: { jobs: Job[] }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <Table columns={[trans.__('Job'), trans.__('Ended'), trans.__('How')]} label={trans.__('Lately ended')}>
      {jobs.map(job => (
        <tr key={job.id}>
          <JobName job={job} />
          <td>{job.endedAt === null ? '' : formatTime(job.endedAt)}</td>
          <td>
            <StateMark state={job.state} label={stateWord(trans, job.state)} showLabel /> {job.error !== null && <span className="jp-SlipwayFaint">{job.error}</span>}
          </td>
          <td />
        </tr>
      ))}
    </Table>
  );
}

function Table({ columns, label, children }: { columns: string[]; label: string; children: React.ReactNode }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <div className="jp-SlipwayScroll">
      <table className="jp-SlipwayTable jp-SlipwayJobs" aria-label={label}>
        <thead>
          <tr>
            {columns.map(column => <th key={column} scope="col">{column}</th>)}
            <th scope="col" aria-label={trans.__('Actions')} />
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function JobName({ job }: { job: Job }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const notes = [job.createdBy !== null && personWord(trans, job.createdBy), job.project, job.priority !== 0 && trans.__('priority %1', job.priority), job.isPreemptible && trans.__('preemptible'), job.preemptions > 0 && trans._n('made room once', 'made room %1 times', job.preemptions)];
  return (
    <th scope="row">
      {job.kind === 'step' ? <Button kind="link" title={trans.__('Open the run')} onClick={() => void commands.execute(CommandIds.openRun, { runId: job.owner })}>{job.label}</Button> : job.label} <span className="jp-SlipwayFaint">{notes.filter(Boolean).join(' · ')}</span>
    </th>
  );
}

function Actions({ job, mayMove = false, children }: { job: Job; mayMove?: boolean; children?: React.ReactNode }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const params = { jobId: job.id };
  const cancel = useAction(() => client.call(endpoints.scheduler.cancelJob, { params }));
  const raise = useAction(() => client.call(endpoints.scheduler.editJob, { params, body: { priority: Math.min(1000, job.priority + 1) } }));
  return (
    <td className="jp-SlipwayJobs-actions">
      {children}
      {mayMove && <Button kind="link" disabled={raise.isBusy} title={trans.__('One point more of priority: an hour less of waiting')} onClick={() => raise.run()}>{trans.__('Raise')}</Button>}
      <Button kind="link" disabled={cancel.isBusy} aria-label={trans.__('Cancel %1', job.label)} onClick={() => cancel.run()}>{trans.__('Cancel')}</Button>
      <ErrorNote error={cancel.error ?? raise.error} />
    </td>
  );
}
