import { endpoints, type Backfill } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote, StateMark } from '../core/parts';
import { personWord } from '../core/person-word';
import { isOver, stateWord } from '../core/states';
import { useAction, useSlipway } from '../core/ui';
import { BackfillItems } from './backfill-items';
import { CountField } from './count-field';
import { dayWords } from './zoned-day';

/** One backfill: how far it is, what can be done about it, and its intervals when it is opened. */
export function BackfillLine({ backfill, onChanged }: { backfill: Backfill; onChanged: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [isOpen, setOpen] = React.useState(false);
  const { counts, state } = backfill;
  const params = { backfillId: backfill.id };
  const act = useAction(async (what: 'pause' | 'resume' | 'cancel' | 'retryFailed') => {
    await client.call(endpoints.backfills[what], { params });
    onChanged();
  });
  const change = useAction(async (maxConcurrent: number) => {
    await client.call(endpoints.backfills.change, { params, body: { maxConcurrent } });
    onChanged();
  });
  const over = counts.succeeded + counts.failed + counts.cancelled;
  const [from, to] = [dayWords(backfill.from, backfill.timing.timeZone), dayWords(backfill.to, backfill.timing.timeZone)];
  return (
    <li>
      <div>
        <StateMark state={state} label={stateWord(trans, state)} showLabel /> {from} – {to} <progress max={counts.total} value={over} aria-label={trans.__('Intervals that are over')} />{' '}
        <span className="jp-SlipwayFaint">
          {trans.__('%1 of %2', over, counts.total)}
          {counts.failed > 0 && ` · ${trans._n('%1 failed', '%1 failed', counts.failed)}`}
          {counts.running > 0 && ` · ${trans.__('%1 running', counts.running)}`} · {trans.__('by %1, %2', personWord(trans, backfill.createdBy), formatTime(backfill.createdAt))}
        </span>
      </div>
      <div className="jp-SlipwayStarters-actions">
        <Button kind="link" aria-expanded={isOpen} aria-label={trans.__('Intervals of %1 to %2', from, to)} onClick={() => setOpen(!isOpen)}>{isOpen ? trans.__('Hide intervals') : trans.__('Show intervals')}</Button>
        {state === 'running' && <Button kind="link" disabled={act.isBusy} onClick={() => act.run('pause')}>{trans.__('Pause')}</Button>}
        {state === 'paused' && <Button kind="link" disabled={act.isBusy} onClick={() => act.run('resume')}>{trans.__('Resume')}</Button>}
        {counts.failed > 0 && state !== 'cancelled' && <Button kind="link" disabled={act.isBusy} onClick={() => act.run('retryFailed')}>{trans.__('Run the failed again')}</Button>}
        {!isOver(state) && <Button kind="link" disabled={act.isBusy} onClick={() => act.run('cancel')}>{trans.__('Cancel')}</Button>}
      </div>
      {isOpen && !isOver(state) && <Cap key={backfill.maxConcurrent} now={backfill.maxConcurrent} isBusy={change.isBusy} onChange={change.run} />}
      {isOpen && <BackfillItems backfill={backfill} />}
      <ErrorNote error={act.error ?? change.error} />
    </li>
  );
}

/** How many of its runs go at once; what runs above a lower cap ends by itself. */
function Cap({ now, isBusy, onChange }: { now: number; isBusy: boolean; onChange: (maxConcurrent: number) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [most, setMost] = React.useState(now);
  return (
    <form className="jp-SlipwayBackfill-cap" onSubmit={event => (event.preventDefault(), onChange(most))}>
      <CountField label={trans.__('Runs at once')} value={most} max={100} onChange={setMost} />
      <Button type="submit" disabled={isBusy || most === now || Number.isNaN(most)}>{trans.__('Change')}</Button>
    </form>
  );
}
