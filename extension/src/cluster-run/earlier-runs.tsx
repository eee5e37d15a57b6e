import { endpoints, type PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatDuration, formatTime, formatValue } from '../core/format';
import { keepFresh } from '../core/keep-fresh';
import { Loader } from '../core/loader';
import { Button, ErrorNote, Heading, StateMark } from '../core/parts';
import { stateWord } from '../core/states';
import type { ISlipway } from '../core/tokens';
import { useSlipway } from '../core/ui';
import { useLoader } from '../registry/use-loader';

const MOST_RUNS = 20;

/** The last runs of a notebook as it stood; nothing where there is none. */
export function EarlierRuns({ notebookPath }: { notebookPath: string }): React.JSX.Element | null {
  const { trans, commands } = useSlipway();
  const { value: runs, error, refresh } = useLoader(slipway => earlierLoader(slipway, notebookPath), [notebookPath]);
  if (!runs || runs.length === 0) {
    return <ErrorNote error={error} onRetry={refresh} />;
  }
  return (
    <section>
      <Heading title={trans.__('Runs of this notebook')} />
      <table className="jp-SlipwayTable" aria-label={trans.__('Runs of this notebook')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Run')}</th>
            <th scope="col">{trans.__('What')}</th>
            <th scope="col">{trans.__('State')}</th>
            <th scope="col">{trans.__('Duration')}</th>
            <th scope="col">{trans.__('Metrics')}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map(run => (
            <tr key={run.runId}>
              <th scope="row">
                <Button kind="link" onClick={() => void commands.execute(CommandIds.openRun, { runId: run.runId })}>{formatTime(run.createdAt)}</Button>
              </th>
              <td>{whatRan(run, trans)}</td>
              <td>
                <StateMark state={run.status} label={stateWord(trans, run.status)} showLabel />
              </td>
              <td>{run.durationMs === null ? '' : formatDuration(run.durationMs)}</td>
              <td>{Object.entries(run.metrics).map(([name, metric]) => `${name} ${formatValue(metric)}`).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function whatRan({ origin }: PipelineRun, trans: ISlipway['trans']): string {
  const cells = origin.notebook?.cells ?? null;
  return cells === null ? trans.__('whole notebook') : trans._n('%1 cell', '%1 cells', cells.length);
}

function earlierLoader(slipway: ISlipway, notebookPath: string): Loader<PipelineRun[]> {
  const loader = new Loader(async () => (await slipway.client.call(endpoints.notebookRuns.list, { query: { notebookPath, limit: MOST_RUNS } })).items);
  return keepFresh(slipway, loader, event => (event.type === 'run.changed' || event.type === 'step.changed') && event.data.version === 0);
}
