import { endpoints, type Pipeline, type ScheduleState } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { readCron, scheduleWords } from './cron';
import { ScheduleForm } from './schedule-form';

/** When a pipeline runs next, in a phrase. */
export function NextFire({ schedule }: { schedule: ScheduleState | null }): React.JSX.Element {
  const { trans } = useSlipway();
  if (schedule === null) {
    return <span className="jp-SlipwayFaint">{trans.__('by hand')}</span>;
  }
  if (schedule.isPaused) {
    return <span className="jp-SlipwayFaint">{trans.__('paused')}</span>;
  }
  const words = scheduleWords(trans, schedule);
  return (
    <span title={schedule.timeZone}>
      {schedule.nextFireAt !== null && formatTime(schedule.nextFireAt).replace(/:00$/, '')} <span className="jp-SlipwayFaint">{words}</span>
    </span>
  );
}

/** Pauses or resumes a schedule. */
export function PauseButton({ pipeline }: { pipeline: Pipeline }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const { schedule, name } = pipeline;
  const toggle = useAction(async () => {
    if (schedule?.cron) {
      const body = { cron: schedule.cron, timeZone: schedule.timeZone, isPaused: !schedule.isPaused };
      await client.call(endpoints.pipelines.setSchedule, { params: { name }, body });
    }
  });
  if (!schedule) {
    return null;
  }
  return (
    <>
      <Button disabled={toggle.isBusy} onClick={() => toggle.run()}>{schedule.isPaused ? trans.__('Resume') : trans.__('Pause')}</Button>
      <ErrorNote error={toggle.error} />
    </>
  );
}

/** The schedule of a pipeline: what it is, changing it, taking it away. */
export function PipelineSchedule({ pipeline }: { pipeline: Pipeline }): React.JSX.Element {
  const { trans } = useSlipway();
  const { schedule } = pipeline;
  const [isOpen, setOpen] = React.useState(false);
  return (
    <div className="jp-SlipwayPipelineSchedule">
      {schedule ? (
        <span>
          {scheduleWords(trans, schedule)} <span className="jp-SlipwayFaint">({schedule.timeZone})</span>
          {schedule.isPaused ? <span className="jp-SlipwayTag">{trans.__('paused')}</span> : schedule.nextFireAt && <span className="jp-SlipwayFaint"> · {trans.__('next %1', formatTime(schedule.nextFireAt).replace(/:00$/, ''))}</span>}
        </span>
      ) : (
        <span>{trans.__('Runs by hand only.')}</span>
      )}
      <PauseButton pipeline={pipeline} />
      <Button kind="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{schedule ? trans.__('Change schedule') : trans.__('Set a schedule')}</Button>
      {schedule?.note && <p className="jp-SlipwayNote" data-kind="warning" role="note">{schedule.note}</p>}
      {isOpen && <Editor pipeline={pipeline} onDone={() => setOpen(false)} />}
    </div>
  );
}

function Editor({ pipeline, onDone }: { pipeline: Pipeline; onDone: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [draft, setDraft] = React.useState({ cron: pipeline.schedule?.cron ?? '0 6 * * *', timeZone: pipeline.schedule?.timeZone ?? own });
  const params = { name: pipeline.name };
  const save = useAction(async () => {
    await client.call(endpoints.pipelines.setSchedule, { params, body: { ...draft, isPaused: pipeline.schedule?.isPaused ?? false } });
    onDone();
  });
  const remove = useAction(async () => {
    await client.call(endpoints.pipelines.removeSchedule, { params });
    onDone();
  });
  const isWrong = readCron(draft.cron, draft.timeZone).error !== null;
  return (
    <div className="jp-SlipwayPipelineSchedule-editor">
      <ScheduleForm {...draft} onChange={change => setDraft({ ...draft, ...change })} />
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" disabled={isWrong || save.isBusy} onClick={() => save.run()}>{trans.__('Save schedule')}</Button>
        {pipeline.schedule && <Button disabled={remove.isBusy} onClick={() => remove.run()}>{trans.__('Run by hand only')}</Button>}
      </div>
      <ErrorNote error={save.error ?? remove.error} />
    </div>
  );
}
