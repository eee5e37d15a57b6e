import { endpoints, type Sweep } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, ErrorNote } from '../core/parts';
import { isOver } from '../core/states';
import { useAction, useSlipway } from '../core/ui';

/** Pause, resume, cancel, more trials, the same again, delete. */
export function SweepActions({ sweep, onChanged, onDeleted }: { sweep: Sweep; onChanged: () => void; onDeleted: () => void }): React.JSX.Element {
  const { trans, client, commands } = useSlipway();
  const [open, setOpen] = React.useState<'more' | 'delete' | null>(null);
  const [trials, setTrials] = React.useState(10);
  const params = { sweepId: sweep.id };
  const act = useAction(async (what: 'pause' | 'resume' | 'cancel') => {
    await client.call(endpoints.sweeps[what], { params });
    onChanged();
  });
  const extend = useAction(async () => {
    await client.call(endpoints.sweeps.extend, { params, body: { trials } });
    setOpen(null);
    onChanged();
  });
  const remove = useAction(async () => {
    await client.call(endpoints.sweeps.remove, { params });
    onDeleted();
  });
  const over = isOver(sweep.state);
  if (open === 'more') {
    return (
      <form className="jp-SlipwaySweep-more" onSubmit={event => (event.preventDefault(), extend.run())}>
        <label>
          {trans.__('More trials')} <input type="number" autoFocus min={1} max={10_000} value={trials} onChange={event => setTrials(Number(event.target.value))} />
        </label>
        <Button kind="accept" type="submit" disabled={extend.isBusy || !(trials >= 1)}>{trans.__('Go on')}</Button>
        <Button onClick={() => setOpen(null)}>{trans.__('Close')}</Button>
        <ErrorNote error={extend.error} />
      </form>
    );
  }
  if (open === 'delete') {
    return (
      <>
        <span>{trans.__('The runs of its trials stay.')}</span>
        <Button kind="warn" autoFocus disabled={remove.isBusy} onClick={() => remove.run()}>{trans.__('Delete the sweep')}</Button>
        <Button onClick={() => setOpen(null)}>{trans.__('Keep it')}</Button>
        <ErrorNote error={remove.error} />
      </>
    );
  }
  return (
    <>
      {sweep.state === 'running' && <Button disabled={act.isBusy} onClick={() => act.run('pause')}>{trans.__('Pause')}</Button>}
      {sweep.state === 'paused' && <Button kind="accept" disabled={act.isBusy} onClick={() => act.run('resume')}>{trans.__('Resume')}</Button>}
      {!over && <Button kind="warn" disabled={act.isBusy} onClick={() => act.run('cancel')}>{trans.__('Cancel')}</Button>}
      {sweep.state !== 'stopping' && <Button onClick={() => setOpen('more')}>{trans.__('More trials…')}</Button>}
      <Button onClick={() => void commands.execute(CommandIds.newSweep, { pipeline: sweep.pipeline, from: sweep.id })}>{trans.__('New sweep like this…')}</Button>
      {over && <Button onClick={() => setOpen('delete')}>{trans.__('Delete…')}</Button>}
      <ErrorNote error={act.error} />
    </>
  );
}
