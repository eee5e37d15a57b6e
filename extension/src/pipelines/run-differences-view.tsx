import type { PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatDuration, formatTime, formatValue } from '../core/format';
import { Button, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { differencesOf } from './run-differences';

interface Row {
  name: string;
  before: React.ReactNode;
  after: React.ReactNode;
}

/** Two runs of a pipeline side by side, the earlier one first: params and metrics that differ, and how long each step took. */
export function RunDifferencesView({ runs }: { runs: readonly [PipelineRun, PipelineRun] }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const [before, after] = [...runs].sort((a, b) => a.createdAt.localeCompare(b.createdAt)) as [PipelineRun, PipelineRun];
  const { params, metrics, durations } = differencesOf(before, after);
  const duration = (ms: number | null, isCached: boolean): string => (isCached ? trans.__('reused') : ms === null ? '–' : formatDuration(ms));
  const values = (rows: typeof params | typeof metrics): Row[] => rows.map(row => ({ name: row.name, before: formatValue(row.before), after: formatValue(row.after) }));
  const titles = [formatTime(before.createdAt), formatTime(after.createdAt)] as const;
  return (
    <section className="jp-SlipwayRunDifferences" aria-label={trans.__('Differences of two runs')}>
      <Heading level={3} title={trans.__('%1 beside %2', ...titles)}>
        {before.mlflowRunId !== null && after.mlflowRunId !== null && (
          <Button onClick={() => void commands.execute(CommandIds.openComparison, { champion: `run:${before.mlflowRunId}`, candidate: `run:${after.mlflowRunId}` })}>{trans.__('Cells, data and packages …')}</Button>
        )}
      </Heading>
      {before.version !== after.version && <p>{trans.__('Version %1 became version %2.', before.version, after.version)}</p>}
      <Sides title={trans.__('Parameters')} empty={trans.__('The parameters are the same.')} titles={titles} rows={values(params)} />
      <Sides title={trans.__('Metrics')} empty={trans.__('The metrics are the same.')} titles={titles} rows={values(metrics)} />
      <Sides title={trans.__('Durations')} empty={trans.__('There are no steps.')} titles={titles} rows={durations.map(row => ({ name: row.name, before: duration(row.before, row.isCachedBefore), after: duration(row.after, row.isCachedAfter) }))} />
    </section>
  );
}

function Sides({ title, empty, titles, rows }: { title: string; empty: string; titles: readonly [string, string]; rows: readonly Row[] }): React.JSX.Element {
  if (rows.length === 0) {
    return <p className="jp-SlipwayFaint">{empty}</p>;
  }
  return (
    <table className="jp-SlipwayTable" aria-label={title}>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          {titles.map((head, i) => <th key={i} scope="col">{head}</th>)}
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            <td>{row.before}</td>
            <td>{row.after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
