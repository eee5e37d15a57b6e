import { endpoints, type NewSchedule, type Overlap, type CatchUp, type PipelineSchedule, type PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { UndoNote, type Undoable } from '../core/undo';
import { Choice } from './choice';
import { scheduleWords } from './cron';
import { specOf } from './schedule-spec';
import { isTimed, TimingFields } from './timing-fields';

/** The schedules of a pipeline: what each does and when it comes next; adding and changing them. */
export function SchedulesPanel({ pipeline, schedules, version, onChanged }: { pipeline: string; schedules: PipelineSchedule[]; version: PipelineVersion; onChanged: () => void }): React.JSX.Element {
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
      {schedules.length === 0 && <p className="jp-SlipwayFaint">{trans.__('Runs by hand only.')}</p>}
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

interface EditorProps {
  pipeline: string;
  schedule: PipelineSchedule | null;
  version: PipelineVersion;
  isFirst: boolean;
  onDone: () => void;
  onClose: () => void;
}

function ScheduleEditor({ pipeline, schedule, version, isFirst, onDone, onClose }: EditorProps): React.JSX.Element {
  const { trans, client } = useSlipway();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [spec, setSpec] = React.useState<NewSchedule>(schedule ? specOf(schedule) : { name: isFirst ? 'default' : '', cron: '0 6 * * *', timeZone: own });
  const set = (change: Partial<NewSchedule>): void => setSpec({ ...spec, ...change });
  const save = useAction(async () => {
    await (schedule ? client.call(endpoints.schedules.replace, { params: { scheduleId: schedule.id }, body: spec }) : client.call(endpoints.schedules.create, { params: { name: pipeline }, body: spec }));
    onDone();
  });
  const isWrong = spec.name.trim() === '' || !isTimed(spec);
  const texts = version.params.filter(p => typeof p.value === 'string' || typeof p.value === 'number');
  const binding = spec.bindings?.[0];
  return (
    <form className="jp-SlipwayStarters-form" onSubmit={event => (event.preventDefault(), isWrong || save.run())}>
      <label className="jp-SlipwayField">
        <span>{trans.__('Name of the schedule')}</span>
        <input type="text" autoFocus value={spec.name} maxLength={80} onChange={event => set({ name: event.target.value })} />
      </label>
      <TimingFields spec={spec} onChange={setSpec} />
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('When times were missed')} value={spec.catchUp ?? 'latest'} onChange={catchUp => set({ catchUp: catchUp as CatchUp })} options={[['latest', trans.__('run once for all of them')], ['all', trans.__('run for each of them')], ['none', trans.__('let them pass')]]} />
        <Choice label={trans.__('While a run goes on')} value={spec.overlap ?? 'skip'} onChange={overlap => set({ overlap: overlap as Overlap })} options={[['skip', trans.__('skip the next')], ['queue', trans.__('let the next wait')], ['replace', trans.__('cancel it for the next')]]} />
        <Choice label={trans.__('Day of the data goes to')} value={binding?.param ?? ''} onChange={param => set({ bindings: param === '' ? [] : [{ param, from: 'dataIntervalStart', format: 'yyyy-MM-dd' }] })} options={[['', trans.__('no parameter')], ...texts.map((p): [string, string] => [p.name, p.name])]} />
      </div>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={isWrong || save.isBusy}>{trans.__('Save schedule')}</Button>
        <Button onClick={onClose}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={save.error} />
    </form>
  );
}
