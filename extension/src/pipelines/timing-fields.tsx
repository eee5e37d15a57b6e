import type { NewSchedule } from '@slipway/schema';
import * as React from 'react';
import { TimeField } from '../core/time-field';
import { useSlipway } from '../core/ui';
import { readCron } from './cron';
import { intervalOf, partsOf, UNITS, type Unit } from './interval';
import { ScheduleForm } from './schedule-form';
import { Choice } from './choice';
import { TextField } from './text-field';

interface Props {
  spec: NewSchedule;
  onChange: (spec: NewSchedule) => void;
}

const DEFAULT_CRON = '0 6 * * *';
const HOUR_MS = 3_600_000;

/** Whether the times of a schedule make sense as far as the page can tell. */
export function isTimed({ cron, intervalMs, timeZone, startAt, endAt }: NewSchedule): boolean {
  const isRight = intervalMs === undefined ? cron !== undefined && readCron(cron, timeZone ?? 'UTC').error === null : intervalMs >= 1_000;
  return isRight && (startAt === undefined || endAt === undefined || startAt < endAt);
}

/** When a schedule fires: by the clock, or every so often; from when until when. */
export function TimingFields({ spec, onChange }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const isInterval = spec.intervalMs !== undefined;
  const { cron: _cron, intervalMs: _interval, ...rest } = spec;
  const goBy = (kind: string): void => onChange(kind === 'interval' ? { ...rest, intervalMs: HOUR_MS } : { ...rest, cron: DEFAULT_CRON });
  const bound = (key: 'startAt' | 'endAt', text: string): void => {
    const { [key]: _before, ...others } = spec;
    onChange(text === '' ? others : { ...others, [key]: new Date(text).toISOString() });
  };
  return (
    <>
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('Fires')} value={isInterval ? 'interval' : 'cron'} onChange={goBy} options={[['cron', trans.__('by the clock')], ['interval', trans.__('every so often')]]} />
        {isInterval && <IntervalFields intervalMs={spec.intervalMs!} onChange={intervalMs => onChange({ ...spec, intervalMs })} />}
      </div>
      {!isInterval && <ScheduleForm cron={spec.cron ?? ''} timeZone={spec.timeZone ?? 'UTC'} onChange={change => onChange({ ...spec, ...change })} />}
      <div className="jp-SlipwaySchedule-fields">
        <TimeField label={isInterval ? trans.__('Counted from (your time)') : trans.__('Not before (your time)')} value={spec.startAt} onChange={text => bound('startAt', text)} />
        <TimeField label={trans.__('Not after (your time)')} value={spec.endAt} onChange={text => bound('endAt', text)} />
      </div>
    </>
  );
}

function IntervalFields({ intervalMs, onChange }: { intervalMs: number; onChange: (intervalMs: number) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const parts = partsOf(intervalMs);
  const [unit, setUnit] = React.useState<Unit>(parts.unit);
  const words: Record<Unit, string> = { seconds: trans.__('seconds'), minutes: trans.__('minutes'), hours: trans.__('hours'), days: trans.__('days') };
  const take = (text: string, of: Unit): void => {
    const ms = intervalOf(text, of);
    if (ms !== null) {
      onChange(ms);
    }
  };
  const count = String(intervalMs / UNITS[unit]);
  return (
    <>
      <TextField label={trans.__('Every')} value={count} onCommit={text => take(text, unit)} />
      <Choice label={trans.__('Unit')} value={unit} onChange={next => (setUnit(next as Unit), take(count, next as Unit))} options={(Object.keys(UNITS) as Unit[]).map((each): [string, string] => [each, words[each]])} />
    </>
  );
}
