import type { ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, Empty, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { ChangeBar } from './bars';
import { isImprovement } from './changes';
import { finiteMetric, metricText } from './metric-text';

/** What a version measured: on all data, then slice by slice. */
export function MetricTables({ version }: { version: ModelVersion }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const metrics = Object.entries(version.metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  if (metrics.length + version.slices.length === 0) {
    return (
      <Empty title={trans.__('Nothing was measured')}>
        {trans.__('Metrics are those of the version’s run: print one in the notebook, or call mlflow.log_metric.')}{' '}
        {version.runId !== null && <Button kind="link" onClick={() => void commands.execute(CommandIds.openTrackedRun, { runId: version.runId })}>{trans.__('Open its run')}</Button>}
      </Empty>
    );
  }
  return (
    <>
      {metrics.length > 0 && (
        <div className="jp-SlipwayScroll">
          <table aria-label={trans.__('Metrics')}>
            <thead>
              <tr>
                <th scope="col">{trans.__('Metric')}</th>
                <th scope="col" data-kind="number">{trans.__('Value')}</th>
              </tr>
            </thead>
            <tbody>
              {metrics.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td data-kind="number">
                    <strong>{metricText(value)}</strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Heading level={3} title={trans.__('By slices of the data')} />
      {version.slices.length === 0 ? (
        <p className="jp-SlipwayFaint">
          {trans.__('None yet: a metric with a name like %1 is that of a slice.', 'accuracy/slice/country:DE')}
        </p>
      ) : (
        <div className="jp-SlipwaySlices">
          {version.slices.map(sliced => (
            <SliceTable key={`${sliced.metric} ${sliced.column}`} sliced={sliced} />
          ))}
        </div>
      )}
    </>
  );
}

/** Slices beside all data: which of them the version serves worse, at a glance. */
function SliceTable({ sliced }: { sliced: ModelVersion['slices'][number] }): React.JSX.Element {
  const { trans } = useSlipway();
  const overall = finiteMetric(sliced.overall);
  const gaps = sliced.slices.map(slice => gap(finiteMetric(slice.metric), overall));
  const most = Math.max(...gaps.map(each => Math.abs(each ?? 0)));
  const hasRows = sliced.slices.some(slice => slice.rows !== null);
  return (
    <table aria-label={trans.__('%1 by %2', sliced.metric, sliced.column)}>
      <caption>{trans.__('%1 by %2', sliced.metric, sliced.column)}</caption>
      <thead>
        <tr>
          <th scope="col">{sliced.column}</th>
          {hasRows && <th scope="col" data-kind="number">{trans.__('Rows')}</th>}
          <th scope="col" data-kind="number">{sliced.metric}</th>
          {overall !== null && <th scope="col">{trans.__('Against %1 on all data', metricText(overall))}</th>}
        </tr>
      </thead>
      <tbody>
        {sliced.slices.map((slice, index) => (
          <tr key={slice.value}>
            <th scope="row">{slice.value}</th>
            {hasRows && <td data-kind="number">{slice.rows}</td>}
            <td data-kind="number">{metricText(slice.metric)}</td>
            {overall !== null && (
              <td>
                <ChangeBar change={gaps[index] ?? null} most={most} isBetter={isImprovement(sliced.metric, gaps[index] ?? null, null)} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function gap(value: number | null, overall: number | null): number | null {
  return value === null || overall === null ? null : value - overall;
}
