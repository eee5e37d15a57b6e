import { endpoints, type Backfill, type BackfillPreview, type PipelineSchedule } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote, StateMark } from '../core/parts';
import { personWord } from '../core/person-word';
import { isOver, stateWord } from '../core/states';
import { useAction, useSlipway } from '../core/ui';
import { Choice } from './choice';

/** Backfills of a pipeline: how far each is, and a form that shows its intervals before it starts. */
export function BackfillsPanel({ pipeline, backfills, schedules, onChanged }: { pipeline: string; backfills: Backfill[]; schedules: PipelineSchedule[]; onChanged: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [isOpen, setOpen] = React.useState(false);
  return (
    <div className="jp-SlipwayStarters">
      <ul className="jp-SlipwayStarters-list" aria-label={trans.__('Backfills')}>
        {backfills.map(backfill => (
          <BackfillLine key={backfill.id} backfill={backfill} onChanged={onChanged} />
        ))}
      </ul>
      {!isOpen && <Button onClick={() => setOpen(true)}>{trans.__('Run for a range of the past')}</Button>}
      {isOpen && <BackfillForm pipeline={pipeline} schedules={schedules} onClose={() => setOpen(false)} onDone={() => (setOpen(false), onChanged())} />}
    </div>
  );
}

function BackfillLine({ backfill, onChanged }: { backfill: Backfill; onChanged: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const { counts, state } = backfill;
  const act = useAction(async (what: 'pause' | 'resume' | 'cancel' | 'retryFailed') => {
    await client.call(endpoints.backfills[what], { params: { backfillId: backfill.id } });
    onChanged();
  });
  const over = counts.succeeded + counts.failed + counts.cancelled;
  return (
    <li>
      <div>
        <StateMark state={state} label={stateWord(trans, state)} showLabel /> {backfill.from.slice(0, 10)} – {backfill.to.slice(0, 10)}{' '}
        <progress max={counts.total} value={over} aria-label={trans.__('Intervals that are over')} />{' '}
        <span className="jp-SlipwayFaint">
          {trans.__('%1 of %2', over, counts.total)}
          {counts.failed > 0 && ` · ${trans._n('%1 failed', '%1 failed', counts.failed)}`}
          {counts.running > 0 && ` · ${trans.__('%1 running', counts.running)}`} · {trans.__('by %1, %2', personWord(trans, backfill.createdBy), formatTime(backfill.createdAt))}
        </span>
      </div>
      <div className="jp-SlipwayStarters-actions">
        {state === 'running' && <Button kind="link" disabled={act.isBusy} onClick={() => act.run('pause')}>{trans.__('Pause')}</Button>}
        {state === 'paused' && <Button kind="link" disabled={act.isBusy} onClick={() => act.run('resume')}>{trans.__('Resume')}</Button>}
        {counts.failed > 0 && state !== 'cancelled' && <Button kind="link" disabled={act.isBusy} onClick={() => act.run('retryFailed')}>{trans.__('Run the failed again')}</Button>}
        {!isOver(state) && <Button kind="link" disabled={act.isBusy} onClick={() => act.run('cancel')}>{trans.__('Cancel')}</Button>}
      </div>
      <ErrorNote error={act.error} />
    </li>
  );
}

const DAY_MS = 86_400_000;
const dayBefore = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

function BackfillForm({ pipeline, schedules, onClose, onDone }: { pipeline: string; schedules: PipelineSchedule[]; onClose: () => void; onDone: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [ask, setAsk] = React.useState({ from: dayBefore(7), to: dayBefore(0), schedule: schedules[0]?.id ?? '', only: 'all', order: 'oldest', maxConcurrent: 1 });
  const [preview, setPreview] = React.useState<BackfillPreview | null>(null);
  const set = (change: Partial<typeof ask>): void => {
    setAsk({ ...ask, ...change });
    setPreview(null);
  };
  const body = {
    from: `${ask.from}T00:00:00Z`,
    to: `${ask.to}T00:00:00Z`,
    only: ask.only as 'all' | 'missing',
    order: ask.order as 'oldest' | 'newest',
    maxConcurrent: ask.maxConcurrent,
    ...(ask.schedule === '' ? { timing: { cron: '0 0 * * *', timeZone: 'UTC' } } : { schedule: ask.schedule })
  };
  const params = { name: pipeline };
  const look = useAction(async () => setPreview(await client.call(endpoints.backfills.preview, { params, body })));
  const start = useAction(async () => {
    await client.call(endpoints.backfills.create, { params, body });
    onDone();
  });
  return (
    <form className="jp-SlipwayStarters-form" onSubmit={event => (event.preventDefault(), preview ? start.run() : look.run())}>
      <div className="jp-SlipwaySchedule-fields">
        <label className="jp-SlipwayField">
          <span>{trans.__('From')}</span>
          <input type="date" autoFocus required value={ask.from} onChange={event => set({ from: event.target.value })} />
        </label>
        <label className="jp-SlipwayField">
          <span>{trans.__('To, not included')}</span>
          <input type="date" required value={ask.to} onChange={event => set({ to: event.target.value })} />
        </label>
        <Choice label={trans.__('Intervals of')} value={ask.schedule} onChange={schedule => set({ schedule })} options={[...schedules.map((s): [string, string] => [s.id, s.name]), ['', trans.__('each day')]]} />
        <Choice label={trans.__('Which')} value={ask.only} onChange={only => set({ only })} options={[['all', trans.__('all of them')], ['missing', trans.__('those without a run that succeeded')]]} />
        <Choice label={trans.__('Order')} value={ask.order} onChange={order => set({ order })} options={[['oldest', trans.__('oldest first')], ['newest', trans.__('newest first')]]} />
        <label className="jp-SlipwayField">
          <span>{trans.__('At once')}</span>
          <input type="number" min={1} max={100} value={ask.maxConcurrent} onChange={event => set({ maxConcurrent: Math.max(1, Number(event.target.value)) })} />
        </label>
      </div>
      {preview && <Intervals preview={preview} />}
      <div className="jp-SlipwayProof-actions">
        <Button kind={preview ? 'plain' : 'accept'} disabled={look.isBusy} onClick={() => look.run()}>{trans.__('Show the intervals')}</Button>
        {preview && <Button kind="accept" type="submit" disabled={start.isBusy || preview.total === 0}>{trans._n('Start %1 run', 'Start %1 runs', preview.total)}</Button>}
        <Button onClick={onClose}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={look.error ?? start.error} />
    </form>
  );
}

function Intervals({ preview }: { preview: BackfillPreview }): React.JSX.Element {
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
            {formatTime(interval.start)} – {formatTime(interval.end)} <span className="jp-SlipwayFaint">{Object.entries(interval.params).map(([name, value]) => `${name} = ${String(value)}`).join(', ')}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
