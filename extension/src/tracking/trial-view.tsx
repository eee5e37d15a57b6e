import type { Scalar } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatNumber, formatTime, formatValue } from '../core/format';
import { Empty, ErrorNote, ParamName } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import type { SessionModel } from './session-model';
import { Sparkline } from './sparkline';
import { trialTables, type MetricSummary, type TrialRow, type TrialTable } from './trial-table';

/** The session's trials: params that differ beside metrics, repeats as mean ± spread. */
export function TrialView({ model }: { model: SessionModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const unmark = useAction((name: string) => model.markMetric(name, false));
  const tables = trialTables(model.trials);
  if (tables.length === 0) {
    return (
      <Empty title={trans.__('No trial yet')}>
        {trans.__('A trial appears when a cell shows a metric: accuracy_score(…), model.score(…), a training history. Its params are the constants that the metric depended on. Any other number becomes a metric by one click under Cells.')}
      </Empty>
    );
  }
  return (
    <>
      {tables.map((table, index) => (
        <section key={table.metricNames.join()}>
          <TableView table={table} onUnmark={unmark.run} />
          <Constants constants={table.constant} isOpen={index === 0 && table.rows.length === 1} isAlone={table.rows.length === 1} />
        </section>
      ))}
      <ErrorNote error={unmark.error} />
    </>
  );
}

/** What changed last stands beside the number, then the metrics: both are seen without scrolling. */
function TableView({ table, onUnmark }: { table: TrialTable; onUnmark: (name: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [first, others] = [table.varying.slice(0, 1), table.varying.slice(1)];
  return (
    <div className="jp-SlipwayTrials">
      <table aria-label={trans.__('Trials')}>
        <thead>
          <tr>
            <th scope="col">#</th>
            {first.map(name => (
              <ColumnHead key={name} name={name} kind="param" />
            ))}
            {table.metricNames.map(name => (
              <ColumnHead key={name} name={name} kind="metric" onRemove={() => onUnmark(name)} />
            ))}
            {others.map(name => (
              <ColumnHead key={name} name={name} kind="param" />
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(row => (
            <Row key={row.trial.id} row={row} metricNames={table.metricNames} first={first} others={others} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead({ name, kind, onRemove }: { name: string; kind: 'param' | 'metric'; onRemove?: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const short = name.slice(name.lastIndexOf('.') + 1);
  const hint = trans.__('Stop counting %1 as a metric', name);
  return (
    <th scope="col" data-kind={kind} title={name}>
      {short}
      {onRemove && <button type="button" className="jp-SlipwayMetricToggle" aria-pressed="true" title={hint} aria-label={hint} onClick={onRemove} />}
    </th>
  );
}

function Row({ row, metricNames, first, others }: { row: TrialRow; metricNames: string[]; first: string[]; others: string[] }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const { trial } = row;
  const lastCell = trial.slice[trial.slice.length - 1]?.cellId ?? null;
  const reveal = (): void => void commands.execute(CommandIds.revealCell, { path: null, cellId: lastCell });
  return (
    <tr>
      <th scope="row">
        <button type="button" className="jp-SlipwayLink" onClick={reveal} title={trans.__('Trial %1 of %2: show the cell that measured it', trial.ordinal, formatTime(trial.startedAt))}>
          {trial.ordinal}
        </button>
        {row.repeats > 1 && <span className="jp-SlipwayTag" title={trans.__('%1 repeats with the same params', row.repeats)}>×{row.repeats}</span>}
      </th>
      {first.map(name => (
        <Param key={name} row={row} name={name} />
      ))}
      {metricNames.map(name => (
        <td key={name} data-kind="metric">
          <Metric summary={row.metrics[name]} name={name} />
        </td>
      ))}
      {others.map(name => (
        <Param key={name} row={row} name={name} />
      ))}
    </tr>
  );
}

function Param({ row, name }: { row: TrialRow; name: string }): React.JSX.Element {
  const { trans } = useSlipway();
  const isChanged = row.changed.has(name);
  return (
    <td data-kind="param" data-changed={isChanged || undefined} title={isChanged ? trans.__('Changed since the trial before') : undefined}>
      {name in row.params ? formatValue(row.params[name]) : '–'}
    </td>
  );
}

function Metric({ summary, name }: { summary: MetricSummary | undefined; name: string }): React.JSX.Element {
  const { trans } = useSlipway();
  if (!summary) {
    return <>–</>;
  }
  return (
    <span className="jp-SlipwayMetric" data-best={summary.isBest || undefined}>
      {summary.isBest && <span className="jp-SlipwayStar" role="img" aria-label={trans.__('Best so far')} title={trans.__('Best so far')} />}
      {Number.isFinite(summary.mean) ? formatNumber(summary.mean) : String(summary.mean)}
      {summary.spread !== null && <span className="jp-SlipwayFaint"> ± {formatNumber(Number(summary.spread.toPrecision(2)))}</span>}
      <Sparkline values={summary.history} label={trans.__('%1 over %2 steps', name, summary.history.length)} />
    </span>
  );
}

function Constants({ constants, isOpen, isAlone }: { constants: [string, Scalar][]; isOpen: boolean; isAlone: boolean }): React.JSX.Element | null {
  const { trans } = useSlipway();
  if (constants.length === 0) {
    return null;
  }
  return (
    <details className="jp-SlipwayConstants" open={isOpen}>
      <summary>{isAlone ? trans.__('Params it depended on') : trans.__('The same in every trial')}</summary>
      <dl className="jp-SlipwayFacts">
        {constants.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt title={name}>
              <ParamName name={name} />
            </dt>
            <dd>{formatValue(value)}</dd>
          </React.Fragment>
        ))}
      </dl>
    </details>
  );
}
