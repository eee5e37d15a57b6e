import type { RunDetail } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { cellTitle, formatDuration } from '../core/format';
import { Button, Empty, Facts, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';

/** The cells the results came from, as they were when they ran. */
export function RunSource({ run }: { run: RunDetail }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  if (run.cells.length === 0) {
    return <Empty title={trans.__('No cells are known')}>{trans.__('Slipway keeps the cells of trials: runs of other programs tell where they came from in their tags.')}</Empty>;
  }
  return (
    <ol className="jp-SlipwaySource">
      {run.cells.map(cell => (
        <li key={cell.executionId}>
          <header>
            <Button kind="link" disabled={run.notebookPath === null || cell.cellId === null} title={trans.__('Show the cell in its notebook')} onClick={() => void commands.execute(CommandIds.revealCell, { path: run.notebookPath, cellId: cell.cellId })}>
              {cellTitle(cell.source)}
            </Button>
            <span className="jp-SlipwayFaint">
              {cell.executionCount !== null && `[${cell.executionCount}] `}
              {formatDuration(cell.durationMs)}
            </span>
          </header>
          <pre>{cell.source}</pre>
        </li>
      ))}
    </ol>
  );
}

/** Packages and data the run depended on. */
export function RunEnvironment({ run }: { run: RunDetail }): React.JSX.Element {
  const { trans } = useSlipway();
  const packages = Object.entries(run.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  if (packages.length + run.datasets.length === 0) {
    return <Empty title={trans.__('Nothing is known of the environment')}>{trans.__('Trials tell which packages their cells imported. A run that logged a model has its requirements.txt among the files.')}</Empty>;
  }
  return (
    <>
      {packages.length > 0 && (
        <>
          <Heading title={trans.__('Packages')} />
          <Facts facts={packages} />
        </>
      )}
      {run.datasets.length > 0 && (
        <>
          <Heading title={trans.__('Data')} />
          <dl className="jp-SlipwayFacts">
            {run.datasets.map(dataset => (
              <React.Fragment key={dataset.digest + dataset.name}>
                <dt>{dataset.name}</dt>
                <dd>
                  <code>{dataset.digest}</code> {dataset.source}
                </dd>
              </React.Fragment>
            ))}
          </dl>
        </>
      )}
    </>
  );
}
