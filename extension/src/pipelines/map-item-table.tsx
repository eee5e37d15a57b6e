import type { MapItem, PipelineRun, StepRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatDuration } from '../core/format';
import { Button, StateMark } from '../core/parts';
import { stateWord } from '../core/states';
import { useSlipway } from '../core/ui';
import { StepError } from './step-error';
import { StepLog } from './step-log';

const COLUMNS = 5;

/** Some items of a map; one that is opened shows its error, its log and the way to its notebook. */
export function MapItemTable({ run, step, items }: { run: PipelineRun; step: StepRun; items: readonly MapItem[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const [open, setOpen] = React.useState<number | null>(null);
  return (
    <div className="jp-SlipwayScroll">
      <table className="jp-SlipwayTable" aria-label={trans.__('Items')}>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{trans.__('Item')}</th>
            <th scope="col">{trans.__('State')}</th>
            <th scope="col">{trans.__('Took')}</th>
            <th scope="col">{trans.__('Error')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(item => (
            <React.Fragment key={item.index}>
              <ItemRow item={item} isOpen={open === item.index} onToggle={() => setOpen(open === item.index ? null : item.index)} />
              {open === item.index && (
                <tr>
                  <td colSpan={COLUMNS}>
                    <ItemDetails run={run} step={step} item={item} />
                  </td>
                </tr>
              )}
            </React.Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ItemRow({ item, isOpen, onToggle }: { item: MapItem; isOpen: boolean; onToggle: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <tr>
      <th scope="row">
        <Button kind="link" aria-expanded={isOpen} aria-label={trans.__('Item %1', item.index)} onClick={onToggle}>{item.index}</Button>
      </th>
      <td><code>{item.item ?? trans.__('(stored value)')}</code></td>
      <td><StateMark state={item.status} label={stateWord(trans, item.status)} showLabel /></td>
      <td>{item.cached ? trans.__('reused') : item.durationMs === null ? '' : formatDuration(item.durationMs)}</td>
      <td>{item.error?.message ?? ''}</td>
    </tr>
  );
}

function ItemDetails({ run, step, item }: { run: PipelineRun; step: StepRun; item: MapItem }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <>
      {item.hasNotebook && <Button onClick={() => void commands.execute(CommandIds.openStepNotebook, { runId: run.runId, step: step.name, item: item.index })}>{trans.__('Open the executed notebook')}</Button>}
      {item.error && <StepError error={item.error} notebookPath={null} />}
      <StepLog runId={run.runId} step={step.name} item={item.index} attempts={item.attempts} />
    </>
  );
}
