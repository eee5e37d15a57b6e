import { MetricAggregate, type MetricColumn, type RunOrder } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import { MOST_CHOSEN, type ExperimentsModel } from './experiments-model';
import { aggregateWord } from './words';

/** The head of the table: a click sorts, another turns the order round; a metric’s menu says which of its points count. */
export function TableHead({ model, template }: { model: ExperimentsModel; template: string }): React.JSX.Element {
  const { trans } = useSlipway();
  const { params, metrics } = model.columns;
  return (
    <div role="row" aria-rowindex={1} className="jp-SlipwayRuns-head" style={{ gridTemplateColumns: template }}>
      <div role="columnheader">
        <AllBox model={model} />
      </div>
      <Head model={model} label={model.isGrouped ? trans.__('Newest run') : trans.__('Name')} order={{ by: 'name' }} />
      <Head model={model} label={model.isGrouped ? trans.__('Runs') : trans.__('Status')} order={{ by: 'status' }} />
      <Head model={model} label={trans.__('Started')} order={{ by: 'started' }} />
      <Head model={model} label={trans.__('Duration')} order={{ by: 'duration' }} />
      {params.map(key => (
        <Head key={key} model={model} label={ownName(key)} title={key} note={key.slice(0, -ownName(key).length - 1) || trans.__('param')} order={{ by: 'param', key }} />
      ))}
      {metrics.map(metric => (
        <Head key={metric.key} model={model} label={metric.key} order={{ by: 'metric', key: metric.key, aggregate: metric.aggregate }}>
          <AggregateMenu model={model} metric={metric} />
        </Head>
      ))}
    </div>
  );
}

/** Chooses what the table holds, or nothing. */
function AllBox({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const total = model.rows.total ?? 0;
  const label = total > MOST_CHOSEN ? trans.__('Choose the first %1', MOST_CHOSEN.toLocaleString()) : trans.__('Choose all');
  const box = React.useRef<HTMLInputElement>(null);
  const isAll = model.selection.size > 0 && model.selection.size >= Math.min(total, MOST_CHOSEN);
  React.useEffect(() => void (box.current && (box.current.indeterminate = model.selection.size > 0 && !isAll)));
  return <input ref={box} type="checkbox" disabled={total === 0} checked={isAll} aria-label={label} title={label} onChange={event => (event.target.checked ? void model.selectAll() : model.clearSelection())} />;
}

interface HeadProps {
  model: ExperimentsModel;
  label: string;
  /** The whole name, where the label is cut. */
  title?: string;
  note?: string;
  order: Pick<RunOrder, 'by' | 'key'> & { aggregate?: RunOrder['aggregate'] };
  children?: React.ReactNode;
}

function Head({ model, label, title, note, order, children }: HeadProps): React.JSX.Element {
  const isCurrent = model.order.by === order.by && model.order.key === order.key;
  const { isAscending } = model.order;
  const sort = (): void => model.set({ order: { aggregate: 'last', ...order, isAscending: isCurrent ? !isAscending : order.by === 'name' || order.by === 'param' } });
  return (
    <div role="columnheader" aria-sort={isCurrent ? (isAscending ? 'ascending' : 'descending') : undefined} data-kind={order.by}>
      <button type="button" title={title ?? label} onClick={sort}>
        <span>{label}</span>
        {isCurrent && <span aria-hidden="true">{isAscending ? '↑' : '↓'}</span>}
      </button>
      {children ?? (note && <span className="jp-SlipwayRuns-note">{note}</span>)}
    </div>
  );
}

/** `n_estimators` of `RandomForestClassifier.n_estimators`: columns are narrow. */
function ownName(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1) || key;
}

function AggregateMenu({ model, metric }: { model: ExperimentsModel; metric: MetricColumn }): React.JSX.Element {
  const { trans } = useSlipway();
  const choose = (aggregate: MetricAggregate): void => {
    const { params, metrics } = model.columns;
    model.choose({ params, metrics: metrics.map(each => (each.key === metric.key ? { ...each, aggregate } : each)) });
    if (model.order.by === 'metric' && model.order.key === metric.key) {
      model.set({ order: { ...model.order, aggregate } });
    }
  };
  return (
    <select value={metric.aggregate} aria-label={trans.__('Which value of %1', metric.key)} onChange={event => choose(event.target.value as MetricAggregate)}>
      {MetricAggregate.options.map(aggregate => (
        <option key={aggregate} value={aggregate}>
          {aggregateWord(trans, aggregate)}
        </option>
      ))}
    </select>
  );
}
