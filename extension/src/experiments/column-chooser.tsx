import * as React from 'react';
import { Button } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { defaultColumns } from './columns';
import type { ExperimentsModel } from './experiments-model';
import { Popover } from './popover';

/** Which params and metrics are columns; kept for each experiment. */
export function ColumnChooser({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.changed);
  const [search, setSearch] = React.useState('');
  const available = model.available;
  const { params, metrics } = model.columns;
  const isFound = ({ key }: { key: string }): boolean => key.toLowerCase().includes(search.toLowerCase());
  const toggleParam = (key: string): void => model.choose({ metrics, params: params.includes(key) ? params.filter(each => each !== key) : [...params, key] });
  const toggleMetric = (key: string): void => {
    const isShown = metrics.some(each => each.key === key);
    model.choose({ params, metrics: isShown ? metrics.filter(each => each.key !== key) : [...metrics, { key, aggregate: 'last' }] });
  };
  return (
    <Popover label={trans.__('Columns')}>
      <input type="text" value={search} placeholder={trans.__('Find a column')} aria-label={trans.__('Find a column')} onChange={event => setSearch(event.target.value)} />
      <Choices title={trans.__('Metrics')} keys={available?.metrics.filter(isFound) ?? []} chosen={metrics.map(each => each.key)} onToggle={toggleMetric} />
      <Choices title={trans.__('Params')} keys={available?.params.filter(isFound) ?? []} chosen={params} onToggle={toggleParam} />
      <div className="jp-SlipwayPopover-actions">
        <Button kind="link" onClick={() => available && model.choose(defaultColumns(available))}>{trans.__('Those that differ')}</Button>
        <Button kind="link" onClick={() => model.choose({ params: [], metrics: [] })}>{trans.__('None')}</Button>
      </div>
    </Popover>
  );
}

function Choices({ title, keys, chosen, onToggle }: { title: string; keys: readonly { key: string }[]; chosen: readonly string[]; onToggle: (key: string) => void }): React.JSX.Element | null {
  return keys.length === 0 ? null : (
    <fieldset>
      <legend>{title}</legend>
      {keys.map(({ key }) => (
        <label key={key} className="jp-SlipwayCheck" title={key}>
          <input type="checkbox" checked={chosen.includes(key)} onChange={() => onToggle(key)} />
          <span>{key}</span>
        </label>
      ))}
    </fieldset>
  );
}
