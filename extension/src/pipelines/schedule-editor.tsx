import { endpoints, type CatchUp, type NewSchedule, type Overlap, type PipelineSchedule, type PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { Choice } from './choice';
import { CountField } from './count-field';
import { givenOf, readGiven } from './given';
import { GivenTable } from './given-table';
import { intervalWays } from './interval-ways';
import { specOf } from './schedule-spec';
import { isTimed, TimingFields } from './timing-fields';

interface Props {
  pipeline: string;
  /** null: a new one. */
  schedule: PipelineSchedule | null;
  version: PipelineVersion;
  isFirst: boolean;
  onDone: () => void;
  onClose: () => void;
}

/** A schedule: its times, what it does about missed and overlapping ones, and what its runs begin with. */
export function ScheduleEditor({ pipeline, schedule, version, isFirst, onDone, onClose }: Props): React.JSX.Element {
  const { trans, client } = useSlipway();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [spec, setSpec] = React.useState<NewSchedule>(schedule ? specOf(schedule) : { name: isFirst ? 'default' : '', cron: '0 6 * * *', timeZone: own });
  const [given, setGiven] = React.useState(() => givenOf(spec));
  const set = (change: Partial<NewSchedule>): void => setSpec({ ...spec, ...change });
  const read = readGiven(given, version.params);
  const save = useAction(async () => {
    const body = { ...spec, ...read };
    await (schedule ? client.call(endpoints.schedules.replace, { params: { scheduleId: schedule.id }, body }) : client.call(endpoints.schedules.create, { params: { name: pipeline }, body }));
    onDone();
  });
  const isWrong = spec.name.trim() === '' || !isTimed(spec) || read === null;
  return (
    <form className="jp-SlipwayStarters-form" aria-label={trans.__('Schedule')} onSubmit={event => (event.preventDefault(), isWrong || save.run())}>
      <label className="jp-SlipwayField">
        <span>{trans.__('Name of the schedule')}</span>
        <input type="text" autoFocus value={spec.name} maxLength={80} onChange={event => set({ name: event.target.value })} />
      </label>
      <TimingFields spec={spec} onChange={setSpec} />
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('When times were missed')} value={spec.catchUp ?? 'latest'} onChange={catchUp => set({ catchUp: catchUp as CatchUp })} options={[['latest', trans.__('run once for all of them')], ['all', trans.__('run for each of them')], ['none', trans.__('let them pass')]]} />
        {(spec.catchUp === 'all' || spec.overlap === 'queue') && <CountField label={trans.__('Missed or waiting, at most')} value={spec.maxCatchUp ?? 100} max={1_000} onChange={maxCatchUp => set({ maxCatchUp })} />}
        <CountField label={trans.__('Runs at once')} value={spec.maxConcurrent ?? 1} max={100} onChange={maxConcurrent => set({ maxConcurrent })} />
        <Choice label={trans.__('While so many go on')} value={spec.overlap ?? 'skip'} onChange={overlap => set({ overlap: overlap as Overlap })} options={[['skip', trans.__('skip the next')], ['queue', trans.__('let the next wait')], ['replace', trans.__('cancel them for the next')]]} />
      </div>
      <Heading level={3} title={trans.__('Parameters')} />
      <GivenTable own={version.params} given={given} ways={intervalWays(trans)} onChange={setGiven} />
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={isWrong || save.isBusy}>{trans.__('Save schedule')}</Button>
        <Button onClick={onClose}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={save.error} />
    </form>
  );
}
