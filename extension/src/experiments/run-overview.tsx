import type { RunDetail } from '@slipway/schema';
import * as React from 'react';
import { Empty, Heading, ParamName } from '../core/parts';
import { useSlipway } from '../core/ui';
import { CurvesPanel } from './curves-panel';
import { formatMetric } from './format';
import { RunNote } from './run-note';

/** Tags by which programs speak to each other. */
const INTERNAL = /^(mlflow|slipway)\./;

/** Metrics of the machine it ran on, as MLflow calls them. */
const SYSTEM = 'system/';

/** Metrics, params, note and tags of a run on one page. */
export function RunOverview({ run, onSaved }: { run: RunDetail; onSaved: (run: RunDetail) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const all = run.metrics.filter(metric => metric.count > 1).map(metric => metric.key);
  const curves = all.filter(key => !key.startsWith(SYSTEM));
  const system = all.filter(key => key.startsWith(SYSTEM));
  return (
    <>
      <div className="jp-SlipwayTrackedRun-overview">
        <section>
          <Heading title={trans.__('Metrics')} />
          {run.metrics.length === 0 ? <Empty title={trans.__('No metric was measured')} /> : <MetricTable run={run} />}
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
      {system.length > 0 && (
        <section aria-label={trans.__('The machine')}>
          <Heading title={trans.__('The machine')} />
          <CurvesPanel runs={[run]} keys={system} version={run} />
        </section>
      )}
    </>
  );
}

function MetricTable({ run }: { run: RunDetail }): React.JSX.Element {
  const { trans } = useSlipway();
  const hasHistory = run.metrics.some(metric => metric.count > 1);
  return (
    <div className="jp-SlipwayScroll">
      <table aria-label={trans.__('Metrics')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Metric')}</th>
            <th scope="col">{trans.__('Last')}</th>
            {hasHistory && [trans.__('Min'), trans.__('Max'), trans.__('Mean'), trans.__('Points')].map(word => <th key={word} scope="col">{word}</th>)}
          </tr>
        </thead>
        <tbody>
          {run.metrics.map(metric => (
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
