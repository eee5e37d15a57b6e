import { endpoints, type RunDetail } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { UndoNote, type Undoable } from '../core/undo';
import { PIN_TAG, deleteRuns, moveRuns, pinRuns, renameRun, restoreRuns, tagRuns } from './run-changer';

/** What can be done with one run, with the way back. */
export function TrackedRunActions({ run, onChanged }: { run: RunDetail; onChanged: () => void }): React.JSX.Element {
  const slipway = useSlipway();
  const { trans, client } = slipway;
  const [done, setDone] = React.useState<Undoable | null>(null);
  const act = useAction(async (change: () => Promise<Undoable | null>) => {
    setDone(await change());
    onChanged();
  });
  const experiments = async () => (await client.call(endpoints.explore.experiments, { query: { limit: 1_000 } })).items.filter(each => each.id !== run.experiment.id);
  const isPinned = run.tags.some(tag => tag.key === PIN_TAG && !['', '0', 'false'].includes(tag.value.toLowerCase()));
  const ids = [run.id];
  const button = (label: string, change: () => Promise<Undoable | null>): React.JSX.Element => <Button kind="link" disabled={act.isBusy} onClick={() => act.run(change)}>{label}</Button>;
  return (
    <>
      <div className="jp-SlipwayTrackedRun-actions" role="toolbar" aria-label={trans.__('This run')}>
        {run.isDeleted ? (
          <>
            <span>{trans.__('This run is deleted; it is here until deleted runs are purged.')}</span>
            {button(trans.__('Restore'), () => restoreRuns(slipway, ids))}
          </>
        ) : (
          <>
            {button(trans.__('Rename…'), () => renameRun(slipway, run.id, run.name))}
            {button(trans.__('Move…'), async () => moveRuns(slipway, ids, await experiments()))}
            {isPinned ? button(trans.__('Unpin'), () => tagRuns(slipway, ids, PIN_TAG, null)) : button(trans.__('Pin'), () => pinRuns(slipway, ids))}
            {button(trans.__('Delete…'), () => deleteRuns(slipway, ids))}
          </>
        )}
      </div>
      <ErrorNote error={act.error} />
      <UndoNote done={done} onGone={() => (setDone(null), onChanged())} />
    </>
  );
}
