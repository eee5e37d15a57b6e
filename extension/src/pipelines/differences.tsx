import type { Difference, Proof } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, StateMark } from '../core/parts';
import { useSlipway } from '../core/ui';
import type { ProductionizeModel } from './productionize-model';

/** Where pipeline and notebook part: cell, name, both values; saving needs a tick. */
export function Differences({ model, proof }: { model: ProductionizeModel; proof: Proof }): React.JSX.Element {
  const { trans } = useSlipway();
  const [isAllowed, setAllowed] = React.useState(false);
  const isFailed = proof.status === 'failed';
  const title = isFailed ? trans.__('The check failed') : trans._n('Not the same result: %1 difference', 'Not the same result: %1 differences', proof.differences.length);
  return (
    <div className="jp-SlipwayNote" data-kind="error" role="alert">
      <StateMark state={proof.status} label={title} showLabel />
      {proof.notes.map(note => (
        <span key={note}>{note}</span>
      ))}
      {proof.differences.length > 0 && <DifferenceTable differences={proof.differences} model={model} />}
      {proof.agreed.length > 0 && <span className="jp-SlipwayFaint">{trans._n('%1 other result is the same.', '%1 other results are the same.', proof.agreed.length)}</span>}
      {!isFailed && !model.proof.saved && (
        <div className="jp-SlipwayProof-actions">
          <label className="jp-SlipwayCheck">
            <input type="checkbox" checked={isAllowed} onChange={event => setAllowed(event.target.checked)} />
            {trans.__('I know that the results differ')}
          </label>
          <Button kind="warn" disabled={!isAllowed} onClick={() => void model.proof.save(true)}>
            {trans.__('Save anyway')}
          </Button>
        </div>
      )}
    </div>
  );
}

function DifferenceTable({ differences, model }: { differences: Difference[]; model: ProductionizeModel }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const path = model.notebookPath;
  const titles = new Map(model.draft?.cells.map(cell => [cell.id, `${cell.ordinal}. ${cell.title}`]));
  return (
    <div className="jp-SlipwayScroll">
      <table className="jp-SlipwayDifferences">
        <thead>
          <tr>
            <th scope="col">{trans.__('What')}</th>
            <th scope="col">{trans.__('Notebook')}</th>
            <th scope="col">{trans.__('Pipeline')}</th>
            <th scope="col">{trans.__('Cell')}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((difference, index) => (
            <React.Fragment key={index}>
              <tr>
                <td>
                  <code>{difference.name}</code>
                </td>
                <td>{difference.notebook ?? '–'}</td>
                <td>{difference.pipeline ?? '–'}</td>
                <td>
                  {difference.cellId !== null && (
                    <Button kind="link" onClick={() => void commands.execute(CommandIds.revealCell, { path, cellId: difference.cellId })}>
                      {titles.get(difference.cellId) ?? difference.cellId}
                    </Button>
                  )}
                </td>
              </tr>
              <tr className="jp-SlipwayDifferences-message">
                <td colSpan={4}>{difference.message}</td>
              </tr>
            </React.Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
