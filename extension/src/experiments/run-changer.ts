import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';
import { endpoints, type ExperimentSummary, type RunChange } from '@slipway/schema';
import type { ISlipway } from '../core/tokens';
import type { Undoable } from '../core/undo';

/** The tag that keeps a run out of every rule. */
export const PIN_TAG = 'slipway.pinned';

/** Sends changes; gives back what was done and the way back, null where nothing was changed. */
export async function changeRuns(slipway: ISlipway, changes: RunChange[], inWords: (changed: number) => string): Promise<Undoable | null> {
  const { changed, undo } = await slipway.client.call(endpoints.runChanges.change, { body: { changes } });
  return changed === 0 ? null : { words: inWords(changed), undo: () => slipway.client.call(endpoints.runChanges.change, { body: { changes: undo } }) };
}

/** Asks first: runs within others go with them. */
export async function deleteRuns(slipway: ISlipway, runIds: string[]): Promise<Undoable | null> {
  const { trans } = slipway;
  const { button } = await showDialog({
    title: trans._n('Delete %1 run?', 'Delete %1 runs?', runIds.length),
    body: trans.__('Runs within them go with them. All can be restored until deleted runs are purged.'),
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Delete') })]
  });
  return button.accept ? changeRuns(slipway, [{ type: 'delete', runIds, withChildren: true }], changed => trans._n('Deleted %1 run', 'Deleted %1 runs', changed)) : null;
}

export function restoreRuns(slipway: ISlipway, runIds: string[]): Promise<Undoable | null> {
  return changeRuns(slipway, [{ type: 'restore', runIds, withChildren: true }], changed => slipway.trans._n('Restored %1 run', 'Restored %1 runs', changed));
}

/** Asks for the experiment they go to. */
export async function moveRuns(slipway: ISlipway, runIds: string[], experiments: readonly ExperimentSummary[]): Promise<Undoable | null> {
  const { trans } = slipway;
  const { value } = await InputDialog.getItem({
    title: trans._n('Move %1 run', 'Move %1 runs', runIds.length),
    label: trans.__('To the experiment (runs within them go with them)'),
    items: experiments.map(experiment => experiment.name),
    okLabel: trans.__('Move')
  });
  const target = experiments.find(experiment => experiment.name === value);
  return target ? changeRuns(slipway, [{ type: 'move', runIds, withChildren: true, experimentId: target.id }], changed => trans._n('Moved %1 run to %2', 'Moved %1 runs to %2', changed, target.name)) : null;
}

/** Asks for the new name. */
export async function renameRun(slipway: ISlipway, runId: string, name: string): Promise<Undoable | null> {
  const { trans } = slipway;
  const { value } = await InputDialog.getText({ title: trans.__('Rename the run'), label: trans.__('Name'), text: name, okLabel: trans.__('Rename') });
  const given = value?.trim();
  return given ? changeRuns(slipway, [{ type: 'rename', runIds: [runId], name: given }], () => trans.__('Renamed to %1', given)) : null;
}

/** Sets a tag, or takes it away where `value` is null. */
export function tagRuns(slipway: ISlipway, runIds: string[], key: string, value: string | null): Promise<Undoable | null> {
  const { trans } = slipway;
  const words = (changed: number): string => (value === null ? trans._n('Took the tag %2 from %1 run', 'Took the tag %2 from %1 runs', changed, key) : trans._n('Tagged %1 run with %2', 'Tagged %1 runs with %2', changed, key));
  return changeRuns(slipway, [{ type: 'tag', runIds, tags: { [key]: value } }], words);
}

export function pinRuns(slipway: ISlipway, runIds: string[]): Promise<Undoable | null> {
  const { trans } = slipway;
  return changeRuns(slipway, [{ type: 'tag', runIds, tags: { [PIN_TAG]: 'true' } }], changed => trans._n('Pinned %1 run: no rule deletes it', 'Pinned %1 runs: no rule deletes them', changed));
}
