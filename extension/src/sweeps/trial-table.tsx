import type { Sweep, SweepTrial } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatDuration, formatNumber, formatValue } from '../core/format';
import { Button, ParamName, StateMark } from '../core/parts';
import { stateWord } from '../core/states';
import { useSlipway } from '../core/ui';
import { sortTrials, type TrialOrder } from './sort-trials';

/** More rows would make the page slow; the plots show all. */
const SHOWN = 500;

/** All trials, in any order. */
export function TrialTable({ sweep, trials }: { sweep: Sweep; trials: SweepTrial[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const [order, setOrder] = React.useState<TrialOrder>({ by: 'number', isDescending: true });
  const names = Object.keys(sweep.space);
  const sorted = React.useMemo(() => sortTrials(trials, order), [trials, order]);
  if (trials.length === 0) {
    return <p className="jp-SlipwayFaint">{trans.__('The first trial is about to begin.')}</p>;
  }
  const head = (by: string, label: React.ReactNode): React.JSX.Element => (
    <th key={by} scope="col" aria-sort={order.by === by ? (order.isDescending ? 'descending' : 'ascending') : 'none'}>
      <Button kind="link" onClick={() => setOrder({ by, isDescending: order.by === by && !order.isDescending })}>
        {label}
        {order.by === by && (order.isDescending ? ' ↓' : ' ↑')}
      </Button>
    </th>
  );
  return (
    <div className="jp-SlipwayScroll">
      <table className="jp-SlipwayTable">
        <thead>
          <tr>
            {head('number', trans.__('Trial'))}
            {head('state', trans.__('State'))}
            {head('value', sweep.objective.metric)}
            {names.map(name => head(`param ${name}`, <ParamName name={name} />))}
            {head('durationMs', trans.__('Took'))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, SHOWN).map(trial => (
            <TrialLine key={trial.number} trial={trial} names={names} isBest={sweep.best?.number === trial.number} />
          ))}
        </tbody>
      </table>
      {sorted.length > SHOWN && <p className="jp-SlipwayFaint">{trans.__('The first %1 of %2 are shown.', SHOWN, sorted.length)}</p>}
    </div>
  );
}

function TrialLine({ trial, names, isBest }: { trial: SweepTrial; names: string[]; isBest: boolean }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const { lastReport: last } = trial;
  return (
    <tr data-best={isBest}>
      <th scope="row">{trial.runId === null ? trial.number : <Button kind="link" title={trans.__('Open its run')} onClick={() => void commands.execute(CommandIds.openRun, { runId: trial.runId })}>{trial.number}</Button>}</th>
      <td title={trial.error ?? undefined}>
        <StateMark state={trial.state} label={stateWord(trans, trial.state)} showLabel />
        {trial.error !== null && <span className="jp-SlipwayFaint"> {trial.error}</span>}
      </td>
      <td>
        {trial.value !== null ? formatNumber(trial.value) : last ? <span className="jp-SlipwayFaint">{trans.__('%1 at step %2', formatNumber(last.value), last.step)}</span> : '–'}
        {isBest && <span role="img" aria-label={trans.__('the best')}> ★</span>}
      </td>
      {names.map(name => (
        <td key={name}>{formatValue(trial.params[name])}</td>
      ))}
      <td className="jp-SlipwayFaint">{trial.durationMs === null ? '' : formatDuration(trial.durationMs)}</td>
    </tr>
  );
}
