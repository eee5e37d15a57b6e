import type { DataAccess } from '@slipway/schema';
import * as React from 'react';
import { formatBytes, formatTime, formatValue } from '../core/format';
import { ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import type { ExecutionRow } from './executions';

interface Props {
  row: ExecutionRow;
  metricNames: ReadonlySet<string>;
  onMark: (name: string, isMetric: boolean) => Promise<void>;
}

/** All that one execution did: names with types, files, scalars to make metrics of. */
export function ExecutionDetails({ row, metricNames, onMark }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <dl className="jp-SlipwayFacts">
      <Fact label={trans.__('Started')}>{formatTime(row.startedAt)}</Fact>
      {row.read.length > 0 && <Fact label={trans.__('Read')}>{row.read.join(', ')}</Fact>}
      {row.bound.length > 0 && (
        <Fact label={trans.__('Wrote')}>
          {row.bound.map(name => (
            <div key={name}>
              <code>{name}</code> <span className="jp-SlipwayFaint">{row.types[name]}</span>
            </div>
          ))}
        </Fact>
      )}
      {row.deleted.length > 0 && <Fact label={trans.__('Deleted')}>{row.deleted.join(', ')}</Fact>}
      {row.data.length > 0 && (
        <Fact label={trans.__('Files')}>
          {row.data.map(access => (
            <FileLine key={`${access.mode} ${access.path}`} access={access} />
          ))}
        </Fact>
      )}
      <Numbers row={row} metricNames={metricNames} onMark={onMark} />
      {Object.keys(row.packages).length > 0 && (
        <Fact label={trans.__('Packages')}>{Object.entries(row.packages).map(([name, version]) => `${name} ${version}`).join(', ')}</Fact>
      )}
      {row.peakMemoryBytes !== null && <Fact label={trans.__('Peak memory')}>{formatBytes(row.peakMemoryBytes)}</Fact>}
      {row.impurities.length > 0 && <Fact label={trans.__('Not reusable')}>{row.impurities.join(', ')}</Fact>}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }): React.JSX.Element {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function FileLine({ access }: { access: DataAccess }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <div title={access.digest ?? undefined}>
      {access.mode === 'read' ? trans.__('read') : trans.__('wrote')} <code>{access.path}</code>{' '}
      {access.sizeBytes !== null && <span className="jp-SlipwayFaint">{formatBytes(access.sizeBytes)}</span>}
    </div>
  );
}

/** Numbers the cell bound or measured; one click makes each a metric, or unmakes it. */
function Numbers({ row, metricNames, onMark }: Props): React.JSX.Element | null {
  const { trans } = useSlipway();
  const mark = useAction(onMark);
  const numbers = new Map<string, unknown>(Object.entries(row.scalars).filter(([, value]) => typeof value === 'number'));
  row.metrics.forEach(metric => numbers.set(metric.name, metric.value));
  if (numbers.size === 0) {
    return null;
  }
  return (
    <Fact label={trans.__('Numbers')}>
      <ul className="jp-SlipwayNumbers">
        {[...numbers].map(([name, value]) => {
          const isMetric = metricNames.has(name);
          const hint = isMetric ? trans.__('Stop counting %1 as a metric', name) : trans.__('Make %1 a metric', name);
          return (
            <li key={name}>
              <button type="button" className="jp-SlipwayMetricToggle" aria-pressed={isMetric} disabled={mark.isBusy} title={hint} aria-label={hint} onClick={() => mark.run(name, !isMetric)} />
              <code>{name}</code> = {formatValue(value)}
            </li>
          );
        })}
      </ul>
      <ErrorNote error={mark.error} />
    </Fact>
  );
}
