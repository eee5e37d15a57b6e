import { endpoints, type BackfillPreview, type IntervalBinding, type NewBackfill, type PipelineSchedule, type PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import type { z } from 'zod';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { Choice } from './choice';
import { CountField } from './count-field';
import { timeZones } from './cron';
import { givenOf, readGiven, type Given, type OwnParam } from './given';
import { GivenTable } from './given-table';
import { intervalWays } from './interval-ways';
import { dayStart, dayWords } from './zoned-day';

const DAY_MS = 86_400_000;
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const dayBefore = (days: number, timeZone: string): string => dayWords(new Date(Date.now() - days * DAY_MS).toISOString(), timeZone).slice(0, 10);

/** What is asked for; the days are those of the zone of its intervals. */
export interface BackfillAsk {
  from: string;
  to: string;
  /** '' for each day. */
  schedule: string;
  timeZone: string;
  only: 'all' | 'missing';
  order: 'oldest' | 'newest';
  maxConcurrent: number;
}

/** What is sent: the days' beginnings in the zone of the intervals, and all that its runs begin with; null where something cannot be read. */
export function backfillOf(ask: BackfillAsk, given: Given<IntervalBinding>, own: readonly OwnParam[], schedule: PipelineSchedule | undefined): z.input<typeof NewBackfill> | null {
  const read = readGiven(given, own);
  if (!read || ask.from === '' || ask.to === '') {
    return null;
  }
  const { from, to, timeZone, only, order, maxConcurrent } = ask;
  // A param that the schedule fixes and the form does not is to be the pipeline's own, which has to be said.
  const freed = own.filter(({ name }) => name in (schedule?.params ?? {}) && !(name in read.params) && !read.bindings.some(b => b.param === name));
  return {
    from: dayStart(from, timeZone),
    to: dayStart(to, timeZone),
    ...(schedule ? { schedule: schedule.id } : { timing: { cron: '0 0 * * *', timeZone } }),
    params: { ...Object.fromEntries(freed.map(({ name, value }) => [name, value])), ...read.params },
    bindings: read.bindings,
    only,
    order,
    maxConcurrent
  };
}

interface Props {
  pipeline: string;
  schedules: PipelineSchedule[];
  version: PipelineVersion;
  onClose: () => void;
  onDone: () => void;
}

/** A new backfill: which intervals, what their runs begin with; it shows them before it starts. */
export function BackfillForm({ pipeline, schedules, version, onClose, onDone }: Props): React.JSX.Element {
  const { trans, client } = useSlipway();
  const zoneOf = (id: string): string => schedules.find(s => s.id === id)?.timeZone ?? OWN_ZONE;
  const [ask, setAsk] = React.useState<BackfillAsk>(() => {
    const first = schedules[0]?.id ?? '';
    return { from: dayBefore(7, zoneOf(first)), to: dayBefore(0, zoneOf(first)), schedule: first, timeZone: zoneOf(first), only: 'all', order: 'oldest', maxConcurrent: 1 };
  });
  const [given, setGiven] = React.useState(() => givenOf<IntervalBinding>(schedules[0] ?? {}));
  const [preview, setPreview] = React.useState<BackfillPreview | null>(null);
  const set = (change: Partial<BackfillAsk>): void => {
    setAsk({ ...ask, ...change });
    setPreview(null);
  };
  const give = (next: Given<IntervalBinding>): void => {
    setGiven(next);
    setPreview(null);
  };
  const choose = (id: string): void => {
    set({ schedule: id, timeZone: zoneOf(id) });
    give(givenOf(schedules.find(s => s.id === id) ?? {}));
  };
  const body = backfillOf(ask, given, version.params, schedules.find(s => s.id === ask.schedule));
  const params = { name: pipeline };
  const look = useAction(async () => body && setPreview(await client.call(endpoints.backfills.preview, { params, body })));
  const start = useAction(async () => {
    if (body) {
      await client.call(endpoints.backfills.create, { params, body });
      onDone();
    }
  });
  return (
    <form className="jp-SlipwayStarters-form" aria-label={trans.__('Backfill')} onSubmit={event => (event.preventDefault(), preview ? start.run() : look.run())}>
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('Intervals of')} value={ask.schedule} onChange={choose} options={[...schedules.map((s): [string, string] => [s.id, s.name]), ['', trans.__('each day')]]} />
        <label className="jp-SlipwayField">
          <span>{trans.__('From')}</span>
          <input type="date" autoFocus required value={ask.from} onChange={event => set({ from: event.target.value })} />
        </label>
        <label className="jp-SlipwayField">
          <span>{trans.__('To, not included')}</span>
          <input type="date" required value={ask.to} onChange={event => set({ to: event.target.value })} />
        </label>
        {ask.schedule === '' ? (
          <Choice label={trans.__('Days of')} value={ask.timeZone} onChange={timeZone => set({ timeZone })} options={timeZones().map((zone): [string, string] => [zone, zone])} />
        ) : (
          <span className="jp-SlipwayFaint">{trans.__('Days of %1', ask.timeZone)}</span>
        )}
      </div>
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('Which')} value={ask.only} onChange={only => set({ only })} options={[['all', trans.__('all of them')], ['missing', trans.__('those without a run that succeeded')]]} />
        <Choice label={trans.__('Order')} value={ask.order} onChange={order => set({ order })} options={[['oldest', trans.__('oldest first')], ['newest', trans.__('newest first')]]} />
        <CountField label={trans.__('At once')} value={ask.maxConcurrent} max={100} onChange={maxConcurrent => set({ maxConcurrent })} />
      </div>
      <Heading level={3} title={trans.__('Parameters')} />
      <GivenTable own={version.params} given={given} ways={intervalWays(trans)} onChange={give} />
      {version.params.length > 0 && given.bindings.length === 0 && <p className="jp-SlipwayNote" data-kind="warning" role="note">{trans.__('No parameter tells its runs which interval they are for: they all begin with the same values.')}</p>}
      {preview && <Intervals preview={preview} timeZone={ask.timeZone} />}
      <div className="jp-SlipwayProof-actions">
        <Button kind={preview ? 'plain' : 'accept'} disabled={look.isBusy || body === null} onClick={() => look.run()}>{trans.__('Show the intervals')}</Button>
        {preview && <Button kind="accept" type="submit" disabled={start.isBusy || preview.total === 0}>{trans._n('Start %1 run', 'Start %1 runs', preview.total)}</Button>}
        <Button onClick={onClose}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={look.error ?? start.error} />
    </form>
  );
}

function Intervals({ preview, timeZone }: { preview: BackfillPreview; timeZone: string }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <div role="status">
      <p>
        {trans._n('%1 interval', '%1 intervals', preview.total)}
        {preview.leftOut > 0 && `, ${trans.__('%1 left out: a run succeeded for them', preview.leftOut)}`}
      </p>
      <ol className="jp-SlipwayStarters-intervals">
        {preview.intervals.slice(0, 10).map(interval => (
          <li key={interval.start}>
            {dayWords(interval.start, timeZone)} – {dayWords(interval.end, timeZone)} <span className="jp-SlipwayFaint">{Object.entries(interval.params).map(([name, value]) => `${name} = ${String(value)}`).join(', ')}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
