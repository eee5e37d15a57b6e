import { endpoints, type PipelineRun, type TrainingFinding } from '@slipway/schema';
import * as React from 'react';
import { formatBytes, formatTime, formatValue } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useSlipway } from '../core/ui';
import { useFetched } from '../core/use-fetched';
import { ruleWord } from './words';

/** What the training rules of the run's steps found, with what they were judged on. */
export function Findings({ run, onSelect }: { run: PipelineRun; onSelect: (step: string) => void }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const { value, error } = useFetched(() => client.call(endpoints.pipelines.findings, { params: { runId: run.runId } }), [run]);
  const items = value?.items ?? [];
  if (items.length === 0) {
    return <ErrorNote error={error} />;
  }
  return (
    <section aria-label={trans.__('What training rules found')}>
      {items.map(finding => (
        <div key={finding.id} className="jp-SlipwayNote" data-kind={finding.rule.action === 'stop' ? 'error' : 'warning'} role="note">
          <span>
            <strong>{ruleWord(trans, finding.rule.kind)}</strong> <code>{finding.metric}</code> · <Button kind="link" onClick={() => onSelect(finding.step)}>{placeOf(finding)}</Button>{' '}
            <span className="jp-SlipwayFaint">{formatTime(finding.foundAt)}{finding.rule.action === 'stop' && ` · ${trans.__('the step was stopped')}`}</span>
          </span>
          <span>{finding.message}</span>
          <Evidence finding={finding} />
        </div>
      ))}
    </section>
  );
}

const placeOf = ({ step, item }: TrainingFinding): string => (item === null ? step : `${step} [${item}]`);

function Evidence({ finding: { evidence, metric, rule } }: { finding: TrainingFinding }): React.JSX.Element {
  const { trans } = useSlipway();
  const isTimed = rule.kind === 'gpu_idle' || rule.kind === 'memory_growing';
  const shown = (value: number | string): string => (metric === 'memory' && typeof value === 'number' ? formatBytes(value) : metric === 'gpu' ? `${formatValue(value)} %` : formatValue(value));
  return (
    <details>
      <summary>{trans._n('%1 value', 'the last %1 values', evidence.length)}</summary>
      <div className="jp-SlipwayScroll">
        <table className="jp-SlipwayTable">
          <thead>
            <tr>
              <th scope="col">{isTimed ? trans.__('Second') : trans.__('Step')}</th>
              <th scope="col">{trans.__('Metric')}</th>
              <th scope="col">{trans.__('Value')}</th>
            </tr>
          </thead>
          <tbody>
            {evidence.map(({ at, value, series }, i) => (
              <tr key={i}>
                <td>{isTimed ? Math.round(at / 1000) : at}</td>
                <td>{series ?? metric}</td>
                <td>{shown(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
