import type { RunDetail } from '@slipway/schema';
import * as React from 'react';
import { cellTitle } from '../core/format';
import { Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { LabelledSelect } from './labelled-select';
import { pairCells, type CellPair } from './source-diff';

/** The cells of two of the runs, the older first, line by line; nothing where fewer than two came from cells. */
export function CompareSource({ runs }: { runs: RunDetail[] }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const trials = React.useMemo(() => runs.filter(run => run.cells.length > 0).sort((a, b) => a.startedMs - b.startedMs), [runs]);
  const [before, setBefore] = React.useState<string | null>(null);
  const [after, setAfter] = React.useState<string | null>(null);
  const left = trials.find(run => run.id === before) ?? trials[0];
  const right = trials.find(run => run.id === after) ?? trials.find(run => run !== left);
  const pairs = React.useMemo(() => (left && right ? pairCells(left.cells, right.cells) : []), [left, right]);
  if (!left || !right) {
    return null;
  }
  const changed = pairs.filter(pair => !pair.isSame);
  const same = pairs.length - changed.length;
  const choices = trials.map(run => ({ id: run.id, label: run.name }));
  return (
    <section aria-label={trans.__('Cells side by side')}>
      <Heading title={trans.__('Cells')}>
        <LabelledSelect label={trans.__('From')} options={choices} value={left.id} onChange={setBefore} />
        <LabelledSelect label={trans.__('to')} options={choices} value={right.id} onChange={setAfter} />
      </Heading>
      {changed.map(pair => (
        <PairDiff key={pair.key} pair={pair} />
      ))}
      <p className="jp-SlipwayFaint">{trans._n('%1 cell is the same in both.', '%1 cells are the same in both.', same)}</p>
    </section>
  );
}

function PairDiff({ pair }: { pair: CellPair }): React.JSX.Element {
  const { trans } = useSlipway();
  const note = pair.before === null ? trans.__('new') : pair.after === null ? trans.__('gone') : trans.__('changed');
  const marks = { same: ' ', added: '+', removed: '−' };
  return (
    <div className="jp-SlipwayDiff">
      <header>
        {cellTitle((pair.after ?? pair.before)!.source)} <span className="jp-SlipwayTag">{note}</span>
      </header>
      <pre>
        {pair.lines.map((line, index) => (
          <div key={index} data-kind={line.kind}>
            <span>{marks[line.kind]}</span> {line.text}
          </div>
        ))}
      </pre>
    </div>
  );
}
