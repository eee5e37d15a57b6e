import type { Sweep } from '@slipway/schema';
import * as React from 'react';
import { formatNumber } from '../core/format';
import { useSlipway } from '../core/ui';
import { Choice } from '../pipelines/choice';
import type { SweepChoices } from './loaders';

/** How to look for the best, as the form holds it. */
export interface Search {
  metric: string;
  direction: 'minimize' | 'maximize';
  sampler: Sweep['sampler']['kind'];
  pruner: Sweep['pruner']['kind'];
  /** Of Hyperband: steps of a whole trial. */
  maxResource: number;
  maxTrials: number;
  maxParallel: number;
  patience: string;
  minutes: string;
  warmStart: string[];
}

/** Objective, sampler, pruner, limits, and which earlier sweeps to learn from. */
export function SearchFields({ search, choices, onChange }: { search: Search; choices: SweepChoices; onChange: (change: Partial<Search>) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const count = (key: 'maxTrials' | 'maxParallel' | 'maxResource', label: string, max: number): React.JSX.Element => (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <input type="number" required min={1} max={max} value={search[key]} onChange={event => onChange({ [key]: Number(event.target.value) })} />
    </label>
  );
  return (
    <>
      <div className="jp-SlipwaySchedule-fields">
        <MetricField search={search} metrics={choices.metrics} onChange={onChange} />
        <Choice label={trans.__('Better is')} value={search.direction} onChange={direction => onChange({ direction })} options={[['minimize', trans.__('smaller')], ['maximize', trans.__('larger')]]} />
        <Choice label={trans.__('Next values by')} value={search.sampler} onChange={sampler => onChange({ sampler })} options={[['tpe', trans.__('TPE: learns as it goes')], ['cma-es', trans.__('CMA-ES: for numbers')], ['random', trans.__('chance')], ['grid', trans.__('a grid: each point once')]]} />
        <Choice label={trans.__('Stop bad trials early')} value={search.pruner} onChange={pruner => onChange({ pruner })} options={[['none', trans.__('no')], ['median', trans.__('worse than the median')], ['asha', trans.__('ASHA')], ['hyperband', trans.__('Hyperband')]]} />
        {search.pruner === 'hyperband' && count('maxResource', trans.__('Steps of a whole trial'), 1_000_000)}
        {search.sampler !== 'grid' && count('maxTrials', trans.__('Trials'), 10_000)}
        {count('maxParallel', trans.__('At once'), 100)}
        <Optional label={trans.__('End after so many no better')} value={search.patience} onChange={patience => onChange({ patience })} />
        <Optional label={trans.__('Minutes at most')} value={search.minutes} onChange={minutes => onChange({ minutes })} />
      </div>
      {search.pruner !== 'none' && <p className="jp-SlipwayFaint">{trans.__('A trial can be stopped early where its code measures the metric step by step: in a loop, or by mlflow.log_metric(…, step=…).')}</p>}
      {(search.sampler === 'tpe' || search.sampler === 'cma-es') && <WarmStart search={search} earlier={choices.earlier} onChange={onChange} />}
    </>
  );
}

function MetricField({ search, metrics, onChange }: { search: Search; metrics: string[] | null; onChange: (change: Partial<Search>) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  return metrics ? (
    <Choice label={trans.__('Metric')} value={search.metric} onChange={metric => onChange({ metric })} options={metrics.map((name): [string, string] => [name, name])} />
  ) : (
    <label className="jp-SlipwayField">
      <span>{trans.__('Metric')}</span>
      <input type="text" required value={search.metric} onChange={event => onChange({ metric: event.target.value })} />
    </label>
  );
}

/** Earlier sweeps with the same objective. */
function WarmStart({ search, earlier, onChange }: { search: Search; earlier: Sweep[]; onChange: (change: Partial<Search>) => void }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const same = earlier.filter(s => s.objective.metric === search.metric && s.objective.direction === search.direction && s.counts.succeeded > 0).slice(0, 20);
  if (same.length === 0) {
    return null;
  }
  return (
    <fieldset className="jp-SlipwaySweep-warm">
      <legend>{trans.__('Learn from earlier sweeps')}</legend>
      {same.map(sweep => (
        <label key={sweep.id} className="jp-SlipwayCheck">
          <input type="checkbox" checked={search.warmStart.includes(sweep.id)} onChange={event => onChange({ warmStart: event.target.checked ? [...search.warmStart, sweep.id] : search.warmStart.filter(id => id !== sweep.id) })} />
          {sweep.name} <span className="jp-SlipwayFaint">{trans._n('%1 trial', '%1 trials', sweep.counts.succeeded)}{sweep.best?.value != null && `, ${trans.__('best %1', formatNumber(sweep.best.value))}`}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Optional({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <input type="number" min={1} placeholder={trans.__('no limit')} value={value} onChange={event => onChange(event.target.value)} />
    </label>
  );
}
