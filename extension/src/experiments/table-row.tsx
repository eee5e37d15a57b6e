import type { MetricValue, RunGroup, RunLine } from '@slipway/schema';
import * as React from 'react';
import { formatDuration, formatNumber } from '../core/format';
import { StateMark } from '../core/parts';
import { useClock, useSlipway } from '../core/ui';
import type { ColumnChoice } from './columns';
import type { TableRow } from './experiments-model';
import { formatInstant, formatMetric, formatSpan } from './format';
import { kindWord, stateOf, statusWord } from './words';

/** The cells of one row, in the table’s columns; a value that is still being fetched is left empty. */
export function RowCells({ row, columns, origin }: { row: TableRow; columns: ColumnChoice; origin: string | null }): React.JSX.Element {
  const params = columns.params.map(key => at(row.kind === 'run' ? row.run.params : row.group.params, row.columns.params.indexOf(key)));
  const places = columns.metrics.map(({ key, aggregate }) => row.columns.metrics.findIndex(metric => metric.key === key && metric.aggregate === aggregate));
  const shared = { origin, params };
  return row.kind === 'run' ? <RunCells run={row.run} metrics={places.map(place => at(row.run.metrics, place))} {...shared} /> : <GroupCells group={row.group} metrics={places.map(place => at(row.group.metrics, place))} {...shared} />;
}

function at<T>(values: readonly T[], place: number): T | undefined {
  return place < 0 ? undefined : values[place];
}

interface Values<M> {
  /** The experiment’s name, where the table shows runs of several. */
  origin: string | null;
  params: (string | null | undefined)[];
  metrics: (M | null | undefined)[];
}

function RunCells({ run, origin, params, metrics }: { run: RunLine } & Values<MetricValue>): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <>
      <div role="rowheader" className="jp-SlipwayRuns-name" title={run.name}>
        <span>{run.name}</span>
        <Origin name={origin} />
        {run.kind !== 'run' && run.kind !== 'trial' && <span className="jp-SlipwayTag">{kindWord(trans, run.kind)}</span>}
      </div>
      <div role="gridcell">
        <StateMark state={stateOf(run.status)} label={statusWord(trans, run.status)} />
      </div>
      <div role="gridcell">{formatInstant(run.startedMs)}</div>
      <div role="gridcell" data-kind="number">
        {run.status === 'RUNNING' && run.startedMs > 0 ? <Elapsed since={run.startedMs} /> : formatSpan(run.durationMs)}
      </div>
      <Params values={params} />
      {metrics.map((value, index) => (
        <div key={index} role="gridcell" data-kind="number">
          {value === undefined ? '' : formatMetric(value)}
        </div>
      ))}
    </>
  );
}

function Origin({ name }: { name: string | null }): React.JSX.Element | null {
  return name === null ? null : <span className="jp-SlipwayRuns-origin">{name}</span>;
}

function Elapsed({ since }: { since: number }): React.JSX.Element {
  return <>{formatDuration(Math.max(0, useClock(true, 1_000) - since))}</>;
}

function GroupCells({ group, origin, params, metrics }: { group: RunGroup } & Values<RunGroup['metrics'][number]>): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <>
      <div role="rowheader" className="jp-SlipwayRuns-name" title={group.name}>
        <span>{group.name}</span>
        <Origin name={origin} />
      </div>
      <div role="gridcell">
        <span className="jp-SlipwayTag" data-kind={group.runCount > 1 ? 'trial' : undefined} title={trans._n('%1 run', '%1 runs with the same params', group.runCount)}>
          ×{group.runCount}
        </span>
      </div>
      <div role="gridcell">{formatInstant(group.startedMs)}</div>
      <div role="gridcell" />
      <Params values={params} />
      {metrics.map((metric, index) => (
        <div key={index} role="gridcell" data-kind="number">
          {metric === undefined ? '' : formatMetric(metric?.mean ?? null)}
          {metric?.spread != null && <span className="jp-SlipwayFaint"> ± {formatNumber(Number(metric.spread.toPrecision(2)))}</span>}
        </div>
      ))}
    </>
  );
}

function Params({ values }: { values: readonly (string | null | undefined)[] }): React.JSX.Element {
  return (
    <>
      {values.map((value, index) => (
        <div key={index} role="gridcell" title={value ?? undefined}>
          {value === null ? <span className="jp-SlipwayFaint">–</span> : value}
        </div>
      ))}
    </>
  );
}
