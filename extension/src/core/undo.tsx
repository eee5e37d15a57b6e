import * as React from 'react';
import { Button, ErrorNote } from './parts';
import { useAction, useSlipway } from './ui';

/** What was just done, and how to take it back. */
export interface Undoable {
  words: string;
  undo: () => Promise<unknown>;
}

/** Says what was done, with its undo beside it, until it is closed or undone. */
export function UndoNote({ done, onGone }: { done: Undoable | null; onGone: () => void }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const undo = useAction(async (act: Undoable) => {
    await act.undo();
    onGone();
  });
  return (
    done && (
      <div className="jp-SlipwayNote jp-SlipwayUndo" data-kind="ok">
        <span role="status">{done.words}</span>
        <span className="jp-SlipwayUndo-actions">
          <Button disabled={undo.isBusy} onClick={() => undo.run(done)}>{trans.__('Undo')}</Button>
          <Button kind="link" onClick={onGone}>{trans.__('Close')}</Button>
        </span>
        <ErrorNote error={undo.error} />
      </div>
    )
  );
}
