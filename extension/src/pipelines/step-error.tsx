import type { StepRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button } from '../core/parts';
import { useSlipway } from '../core/ui';
import { withoutEscapes } from './escapes';

/** Why a step, or an item of one, failed, and the way to its cell. */
export function StepError({ error, notebookPath }: { error: NonNullable<StepRun['error']>; notebookPath: string | null }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <div className="jp-SlipwayNote" data-kind="error" role="alert">
      <strong>{error.message}</strong>
      {error.cellId !== null && notebookPath !== null && (
        <Button kind="link" onClick={() => void commands.execute(CommandIds.revealCell, { path: notebookPath, cellId: error.cellId })}>{trans.__('Show the cell in the notebook')}</Button>
      )}
      {error.traceback !== null && (
        <details>
          <summary>{trans.__('Traceback')}</summary>
          <pre className="jp-SlipwayLog">{withoutEscapes(error.traceback)}</pre>
        </details>
      )}
      <span className="jp-SlipwayFaint">{error.code}</span>
    </div>
  );
}
