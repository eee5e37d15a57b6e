import type { Draft } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { useSlipway } from '../core/ui';

/** Cells that no result needs, each with the reason. */
export function LeftOutCells({ draft, path }: { draft: Draft; path: string }): React.JSX.Element | null {
  const { trans, commands } = useSlipway();
  const cells = draft.cells.filter(cell => !cell.isNeeded);
  if (cells.length === 0) {
    return null;
  }
  return (
    <details className="jp-SlipwayLeftOut" open>
      <summary>{trans._n('%1 cell left out', '%1 cells left out', cells.length)}</summary>
      <ol>
        {cells.map(cell => (
          <li key={cell.id}>
            <button type="button" className="jp-SlipwayLeftOut-cell" onClick={() => void commands.execute(CommandIds.revealCell, { path, cellId: cell.id })}>
              <span className="jp-SlipwayLeftOut-title">
                {cell.ordinal}. {cell.title || trans.__('(empty)')}
              </span>
              <span className="jp-SlipwayLeftOut-reason">{cell.reason}</span>
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
