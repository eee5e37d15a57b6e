import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import type { Undoable } from '../core/undo';
import type { ExperimentsModel } from './experiments-model';
import { Popover } from './popover';
import { deleteRuns, moveRuns, pinRuns, renameRun, restoreRuns, tagRuns } from './run-changer';

/** What can be done with the chosen runs. */
export function SelectionBar({ model, onDone }: { model: ExperimentsModel; onDone: (done: Undoable) => void }): React.JSX.Element | null {
  const slipway = useSlipway();
  const { trans } = slipway;
  const act = useAction(async (change: () => Promise<Undoable | null>) => {
    const done = await change();
    if (done) {
      model.clearSelection();
      model.rows.refresh();
      onDone(done);
    }
  });
  const ids = [...model.selection];
  if (ids.length === 0) {
    return null;
  }
  const name = model.nameOfRun(ids[0]!);
  return (
    <div className="jp-SlipwaySelection" role="toolbar" aria-label={trans.__('Chosen runs')}>
      <strong>{trans._n('%1 run chosen', '%1 runs chosen', ids.length)}</strong>
      {model.isDeleted ? (
        <Button disabled={act.isBusy} onClick={() => act.run(() => restoreRuns(slipway, ids))}>{trans.__('Restore')}</Button>
      ) : (
        <>
          {ids.length === 1 && <Button disabled={act.isBusy} onClick={() => act.run(() => renameRun(slipway, ids[0]!, name))}>{trans.__('Rename…')}</Button>}
          <Button disabled={act.isBusy} onClick={() => act.run(async () => moveRuns(slipway, ids, await model.allExperiments()))}>{trans.__('Move…')}</Button>
          <TagPopover isBusy={act.isBusy} onTag={(key, value) => act.run(() => tagRuns(slipway, ids, key, value))} />
          <Button disabled={act.isBusy} title={trans.__('No rule of retention deletes a pinned run')} onClick={() => act.run(() => pinRuns(slipway, ids))}>{trans.__('Pin')}</Button>
          <Button disabled={act.isBusy} onClick={() => act.run(() => deleteRuns(slipway, ids))}>{trans.__('Delete…')}</Button>
        </>
      )}
      <ErrorNote error={act.error} />
    </div>
  );
}

function TagPopover({ isBusy, onTag }: { isBusy: boolean; onTag: (key: string, value: string | null) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [key, setKey] = React.useState('');
  const [value, setValue] = React.useState('');
  const isReady = key.trim() !== '' && !isBusy;
  return (
    <Popover label={trans.__('Tag…')}>
      <form
        className="jp-SlipwayTagForm"
        onSubmit={event => {
          event.preventDefault();
          onTag(key.trim(), value);
        }}
      >
        <input type="text" value={key} maxLength={250} autoFocus placeholder={trans.__('Tag')} aria-label={trans.__('Tag')} onChange={event => setKey(event.target.value)} />
        <input type="text" value={value} maxLength={8_000} placeholder={trans.__('Value')} aria-label={trans.__('Value')} onChange={event => setValue(event.target.value)} />
        <div className="jp-SlipwayPopover-actions">
          <Button kind="accept" type="submit" disabled={!isReady}>{trans.__('Set')}</Button>
          <Button disabled={!isReady} onClick={() => onTag(key.trim(), null)}>{trans.__('Take away')}</Button>
        </div>
      </form>
    </Popover>
  );
}
