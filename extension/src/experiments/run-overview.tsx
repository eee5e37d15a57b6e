import type { RunDetail } from '@slipway/schema';
import * as React from 'react';
import { Empty, Heading, ParamName } from '../core/parts';
import { useSlipway } from '../core/ui';
import { isOfMachine } from './columns';
import { CurvesPanel } from './curves-panel';
import { formatMetric } from './format';
import { RunNote } from './run-note';

/** Tags by which programs speak to each other. */
const INTERNAL = /^(mlflow|slipway)\./;

/** Metrics, params, note and tags of a run on one page. */
export function RunOverview({ run, onSaved }: { run: RunDetail; onSaved: (run: RunDetail) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const own = run.metrics.filter(metric => !isOfMachine(metric.key));
  const machine = run.metrics.filter(metric => isOfMachine(metric.key));
  const curves = curvesAmong(own);
  return (
    <>
      <div className="jp-SlipwayTrackedRun-overview">
        <section>
          <Heading title={trans.__('Metrics')} />
          {own.length === 0 ? <Empty title={trans.__('No metric was measured')} /> : <MetricTable metrics={own} label={trans.__('Metrics')} />}
        </section>
        <section>
          <Heading title={trans.__('Params')} />
          {run.params.length === 0 ? <Empty title={trans.__('No param is known')} /> : <Facts pairs={run.params} />}
        </section>
        <RunNote run={run} onSaved={onSaved} />
        <section>
          <Heading title={trans.__('Tags')} />
          <Tags run={run} />
        </section>
      </div>
      {curves.length > 0 && (
        <section aria-label={trans.__('Curves')}>
          <Heading title={trans.__('Curves')} />
          <CurvesPanel runs={[run]} keys={curves} version={run} />
        </section>
      )}
      {machine.length > 0 && (
        <section aria-label={trans.__('The machine')}>
          <Heading title={trans.__('The machine')} />
          <MetricTable metrics={machine} label={trans.__('The machine')} />
          {curvesAmong(machine).length > 0 && <CurvesPanel runs={[run]} keys={curvesAmong(machine)} version={run} over="time" />}
        </section>
      )}
    </>
  );
}

type Metrics = RunDetail['metrics'];

function curvesAmong(metrics: Metrics): string[] {
  return metrics.filter(metric => metric.count > 1).map(metric => metric.key);
}

function MetricTable({ metrics, label }: { metrics: Metrics; label: string }): React.JSX.Element {
  const { trans } = useSlipway();
  const hasHistory = metrics.some(metric => metric.count > 1);
  return (
    <div className="jp-SlipwayScroll">
      <table aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Metric')}</th>
            <th scope="col">{trans.__('Last')}</th>
            {hasHistory && [trans.__('Min'), trans.__('Max'), trans.__('Mean'), trans.__('Points')].map(word => <th key={word} scope="col">{word}</th>)}
          </tr>
        </thead>
        <tbody>
          {metrics.map(metric => (
            <tr key={metric.key}>
              <th scope="row">{metric.key}</th>
              <td>
                <strong>{formatMetric(metric.last)}</strong>
              </td>
              {hasHistory && [formatMetric(metric.min), formatMetric(metric.max), formatMetric(metric.mean), metric.count.toLocaleString()].map((text, index) => <td key={index}>{text}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Facts({ pairs }: { pairs: readonly { key: string; value: string }[] }): React.JSX.Element {
  return (
    <dl className="jp-SlipwayFacts">
      {pairs.map(({ key, value }) => (
        <React.Fragment key={key}>
          <dt title={key}>
            <ParamName name={key} />
          </dt>
          <dd>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

function Tags({ run }: { run: RunDetail }): React.JSX.Element {
  const { trans } = useSlipway();
  const own = run.tags.filter(tag => !INTERNAL.test(tag.key));
  const internal = run.tags.filter(tag => INTERNAL.test(tag.key));
  return (
    <>
      {own.length === 0 ? <p className="jp-SlipwayFaint">{trans.__('No tag of your own: mlflow.set_tag(…) adds one.')}</p> : <Facts pairs={own} />}
      {internal.length > 0 && (
        <details className="jp-SlipwayConstants">
          <summary>{trans._n('%1 tag of MLflow’s and Slipway’s', '%1 tags of MLflow’s and Slipway’s', internal.length)}</summary>
          <Facts pairs={internal} />
        </details>
      )}
    </>
  );
}
