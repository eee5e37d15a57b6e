import * as React from 'react';
import { Empty, ErrorNote } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import type { ExperimentsModel } from './experiments-model';

/** The experiments beside the table: all, or one; found by a part of the name. */
export function ExperimentList({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.experiments.changed);
  const [search, setSearch] = React.useState('');
  const items = model.experiments.value;
  const all = items?.reduce((sum, item) => sum + item.runCount, 0);
  return (
    <nav className="jp-SlipwayExperimentList" aria-label={trans.__('Experiments')}>
      <input
        type="text"
        value={search}
        placeholder={trans.__('Find an experiment')}
        aria-label={trans.__('Find an experiment')}
        onChange={event => {
          setSearch(event.target.value);
          model.find(event.target.value);
        }}
      />
      <ErrorNote error={model.experiments.error} onRetry={() => model.experiments.refresh()} />
      <ul>
        {search === '' && <Item model={model} id={null} name={trans.__('All experiments')} count={all} />}
        {items?.map(item => <Item key={item.id} model={model} id={item.id} name={item.name} count={item.runCount} />)}
      </ul>
      {items?.length === 0 && search !== '' && <Empty title={trans.__('None is called so')} />}
    </nav>
  );
}

function Item({ model, id, name, count }: { model: ExperimentsModel; id: string | null; name: string; count: number | undefined }): React.JSX.Element {
  return (
    <li>
      <button type="button" aria-current={model.experimentId === id ? 'true' : undefined} title={name} onClick={() => void model.open(id)}>
        <span>{name}</span>
        {count !== undefined && <span className="jp-SlipwayTabs-count">{count.toLocaleString()}</span>}
      </button>
    </li>
  );
}
