import * as React from 'react';
import { useSlipway } from '../core/ui';
import { CRON_PRESETS, readCron, timeZones } from './cron';

interface Props {
  cron: string;
  timeZone: string;
  onChange: (change: { cron?: string; timeZone?: string }) => void;
}

/** A cron with its zone: presets, what it means in words, when it fires next. */
export function ScheduleForm({ cron, timeZone, onChange }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const reading = readCron(cron, timeZone);
  const zones = React.useMemo(timeZones, []);
  const hintId = React.useId();
  return (
    <div className="jp-SlipwaySchedule">
      <div className="jp-SlipwaySchedule-presets" role="group" aria-label={trans.__('Common schedules')}>
        {CRON_PRESETS.map(preset => (
          <button key={preset.cron} type="button" className="jp-SlipwayChip" aria-pressed={preset.cron === cron} onClick={() => onChange({ cron: preset.cron })}>
            {trans.__(preset.label)}
          </button>
        ))}
      </div>
      <div className="jp-SlipwaySchedule-fields">
        <label className="jp-SlipwayField">
          <span>{trans.__('Cron')}</span>
          <input type="text" value={cron} spellCheck={false} aria-invalid={reading.error !== null} aria-describedby={hintId} onChange={event => onChange({ cron: event.target.value })} />
        </label>
        <label className="jp-SlipwayField">
          <span>{trans.__('Time zone')}</span>
          <select value={timeZone} onChange={event => onChange({ timeZone: event.target.value })}>
            {zones.map(zone => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        </label>
      </div>
      <p id={hintId} className={reading.error ? 'jp-SlipwayField-error' : 'jp-SlipwayFaint'} role="status">
        {reading.error ?? trans.__('%1. Next: %2', reading.words, reading.next.map(date => inZone(date, timeZone)).join(' · '))}
      </p>
    </div>
  );
}

function inZone(date: Date, timeZone: string): string {
  return date.toLocaleString([], { timeZone, weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });
}
