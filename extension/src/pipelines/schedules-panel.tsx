import { endpoints, type PipelineSchedule, type PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { UndoNote, type Undoable } from '../core/undo';
import { scheduleWords } from './cron';
import { ScheduleEditor } from './schedule-editor';
import { specOf } from './schedule-spec';

/** The schedules of a pipeline: what each does and when it comes next; adding and changing them. */
export function SchedulesPanel({ pipeline, schedules, isTriggered, version, onChanged }: { pipeline: string; schedules: PipelineSchedule[]; isTriggered: boolean; version: PipelineVersion; onChanged: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [editing, setEditing] = React.useState<PipelineSchedule | 'new' | null>(null);
  const [removed, setRemoved] = React.useState<Undoable | null>(null);
  const onRemoved = (schedule: PipelineSchedule): void => {
    const undo = async (): Promise<void> => {
      await client.call(endpoints.schedules.create, { params: { name: pipeline }, body: specOf(schedule) });
      onChanged();
    };
    setRemoved({ words: trans.__('The schedule %1 was removed.', schedule.name), undo });
    onChanged();
  };
  const done = (): void => {
    setEditing(null);
    onChanged();
  };
  return (
    <div className="jp-SlipwayStarters">
      <UndoNote done={removed} onGone={() => setRemoved(null)} />
      {schedules.length === 0 && !isTriggered && <p className="jp-SlipwayFaint">{trans.__('Runs by hand only.')}</p>}
      <ul className="jp-SlipwayStarters-list" aria-label={trans.__('Schedules')}>
        {schedules.map(schedule => (
          <ScheduleLine key={schedule.id} schedule={schedule} onEdit={() => setEditing(schedule)} onChanged={onChanged} onRemoved={() => onRemoved(schedule)} />
        ))}
      </ul>
      {editing === null && <Button onClick={() => setEditing('new')}>{trans.__('Add a schedule')}</Button>}
      {editing !== null && <ScheduleEditor key={editing === 'new' ? 'new' : editing.id} pipeline={pipeline} schedule={editing === 'new' ? null : editing} version={version} isFirst={schedules.length === 0} onDone={done} onClose={() => setEditing(null)} />}
    </div>
  );
}

function ScheduleLine({ schedule, onEdit, onChanged, onRemoved }: { schedule: PipelineSchedule; onEdit: () => void; onChanged: () => void; onRemoved: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const params = { scheduleId: schedule.id };
  const toggle = useAction(async () => {
    await client.call(endpoints.schedules.replace, { params, body: { ...specOf(schedule), isPaused: !schedule.isPaused } });
    onChanged();
  });
  const remove = useAction(async () => {
    await client.call(endpoints.schedules.remove, { params });
    onRemoved();
  });
  return (
    <li>
      <div>
        <strong>{schedule.name}</strong> {scheduleWords(trans, schedule)} <span className="jp-SlipwayFaint">({schedule.timeZone})</span>{' '}
        {schedule.isPaused ? <span className="jp-SlipwayTag">{trans.__('paused')}</span> : schedule.nextFireAt && <span className="jp-SlipwayFaint">· {trans.__('next %1', formatTime(schedule.nextFireAt))}</span>}
        {schedule.waiting > 0 && <span className="jp-SlipwayTag">{trans._n('%1 waits', '%1 wait', schedule.waiting)}</span>}
      </div>
      <div className="jp-SlipwayStarters-actions">
        <Button kind="link" disabled={toggle.isBusy} onClick={() => toggle.run()}>{schedule.isPaused ? trans.__('Resume') : trans.__('Pause')}</Button>
        <Button kind="link" onClick={onEdit} aria-label={trans.__('Change the schedule %1', schedule.name)}>{trans.__('Change')}</Button>
        <Button kind="link" disabled={remove.isBusy} onClick={() => remove.run()} aria-label={trans.__('Remove the schedule %1', schedule.name)}>{trans.__('Remove')}</Button>
      </div>
      {schedule.note && <p className="jp-SlipwayNote" data-kind="warning" role="note">{schedule.note}</p>}
      <ErrorNote error={toggle.error ?? remove.error} />
    </li>
  );
}
