import type { PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatDuration, formatTime, formatValue } from '../core/format';
import { Button, Empty, StateMark } from '../core/parts';
import { stateWord } from '../core/states';
import { useSlipway } from '../core/ui';
import { ModelLinks } from './model-links';
import { RunDifferencesView } from './run-differences-view';
import { triggerWord } from './words';

/** The last runs of a pipeline; any two of them can be laid side by side. */
export function RunTable({ runs }: { runs: PipelineRun[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const [chosen, setChosen] = React.useState<readonly string[]>([]);
  if (runs.length === 0) {
    return <Empty title={trans.__('No run yet')}>{trans.__('Press Run now, or set a schedule.')}</Empty>;
  }
  const metrics = [...new Set(runs.flatMap(run => Object.keys(run.metrics)))].slice(0, 4);
  const hasModels = runs.some(run => run.models.length > 0);
  const pair = runs.filter(run => chosen.includes(run.runId));
  // A third one takes the place of the one chosen first.
  const choose = (runId: string, isChosen: boolean): void => setChosen(isChosen ? [...chosen, runId].slice(-2) : chosen.filter(id => id !== runId));
  return (
    <div className="jp-SlipwayScroll">
      {pair.length === 2 && <RunDifferencesView runs={[pair[0]!, pair[1]!]} />}
      {pair.length === 1 && <p className="jp-SlipwayFaint" role="status">{trans.__('Choose a second run to see what differs.')}</p>}
      <table className="jp-SlipwayTable" aria-label={trans.__('Runs')}>
        <thead>
          <tr>
            <th scope="col" aria-label={trans.__('Compare')} />
            <th scope="col">{trans.__('Run')}</th>
            <th scope="col">{trans.__('State')}</th>
            <th scope="col">{trans.__('Duration')}</th>
            <th scope="col">{trans.__('Started')}</th>
            {metrics.map(metric => (
              <th key={metric} scope="col">{metric}</th>
            ))}
            {hasModels && <th scope="col">{trans.__('Model')}</th>}
          </tr>
        </thead>
        <tbody>
          {runs.map(run => (
            <RunRow key={run.runId} run={run} metrics={metrics} hasModels={hasModels} isChosen={chosen.includes(run.runId)} onChoose={is => choose(run.runId, is)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunRow({ run, metrics, hasModels, isChosen, onChoose }: { run: PipelineRun; metrics: string[]; hasModels: boolean; isChosen: boolean; onChoose: (isChosen: boolean) => void }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <tr>
      <td>
        <input type="checkbox" checked={isChosen} aria-label={trans.__('Compare the run of %1', formatTime(run.createdAt))} onChange={event => onChoose(event.target.checked)} />
      </td>
      <th scope="row">
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openRun, { runId: run.runId })}>{formatTime(run.createdAt)}</Button>
      </th>
      <td>
        <StateMark state={run.status} label={stateWord(trans, run.status)} showLabel />
      </td>
      <td>{run.durationMs === null ? '' : formatDuration(run.durationMs)}</td>
      <td>
        <span title={run.origin.reason}>{triggerWord(trans, run.trigger)}</span> <span className="jp-SlipwayFaint">v{run.version}</span>
      </td>
      {metrics.map(metric => (
        <td key={metric}>{formatValue(run.metrics[metric])}</td>
      ))}
      {hasModels && (
        <td>
          <ModelLinks models={run.models} />
        </td>
      )}
    </tr>
  );
}
