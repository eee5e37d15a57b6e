import type { Sweep } from '@slipway/schema';
import * as React from 'react';
import { formatNumber } from '../core/format';
import { useSlipway } from '../core/ui';
import { Choice } from '../pipelines/choice';
import { CountField } from '../pipelines/count-field';
import type { SweepChoices } from './loaders';
import type { Search } from './search';

/** Objective, sampler, pruner, limits, and which earlier sweeps to learn from. */
export function SearchFields({ search, choices, onChange }: { search: Search; choices: SweepChoices; onChange: (change: Partial<Search>) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <>
      <div className="jp-SlipwaySchedule-fields">
        <MetricField search={search} metrics={choices.metrics} onChange={onChange} />
        <Choice label={trans.__('Better is')} value={search.direction} onChange={direction => onChange({ direction })} options={[['minimize', trans.__('smaller')], ['maximize', trans.__('larger')]]} />
        <Choice label={trans.__('Next values by')} value={search.sampler} onChange={sampler => onChange({ sampler })} options={[['tpe', trans.__('TPE: learns as it goes')], ['cma-es', trans.__('CMA-ES: for numbers')], ['random', trans.__('chance')], ['grid', trans.__('a grid: each point once')]]} />
        <Choice label={trans.__('Stop bad trials early')} value={search.pruner} onChange={pruner => onChange({ pruner })} options={[['none', trans.__('no')], ['median', trans.__('worse than the median')], ['asha', trans.__('ASHA')], ['hyperband', trans.__('Hyperband')]]} />
        <PrunerOptions search={search} onChange={onChange} />
        {search.sampler !== 'grid' && <CountField label={trans.__('Trials')} value={search.maxTrials} max={10_000} onChange={maxTrials => onChange({ maxTrials })} />}
        <CountField label={trans.__('At once')} value={search.maxParallel} max={100} onChange={maxParallel => onChange({ maxParallel })} />
        <CountField label={trans.__('Fails after so many failures in a row')} value={search.maxFailures} max={10_000} onChange={maxFailures => onChange({ maxFailures })} />
        <Optional label={trans.__('End after so many no better')} value={search.patience} onChange={patience => onChange({ patience })} />
        <Optional label={trans.__('Minutes at most')} value={search.minutes} onChange={minutes => onChange({ minutes })} />
        {search.sampler !== 'grid' && <Optional label={trans.__('Seed, for the same trials again')} hint={trans.__('by chance')} min={0} value={search.seed} onChange={seed => onChange({ seed })} />}
      </div>
      {search.pruner !== 'none' && <p className="jp-SlipwayFaint">{trans.__('A trial can be stopped early where its code measures the metric step by step: in a loop, or by mlflow.log_metric(…, step=…).')}</p>}
      {(search.sampler === 'tpe' || search.sampler === 'cma-es') && <WarmStart search={search} earlier={choices.earlier} onChange={onChange} />}
    </>
  );
}

/** What the chosen pruner goes by. */
function PrunerOptions({ search, onChange }: { search: Search; onChange: (change: Partial<Search>) => void }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const { pruner, prunerOptions } = search;
  if (pruner === 'none') {
    return null;
  }
  const words = {
    startupTrials: { label: trans.__('Trials before any is stopped'), min: 0, max: 10_000 },
    warmupSteps: { label: trans.__('Steps before one may be stopped'), min: 0, max: 1_000_000 },
    intervalSteps: { label: trans.__('Looked at every so many steps'), min: 1, max: 1_000_000 },
    minResource: { label: trans.__('Steps of the first rung'), min: 1, max: 1_000_000 },
    maxResource: { label: trans.__('Steps of a whole trial'), min: 1, max: 1_000_000 },
    reductionFactor: { label: trans.__('Of so many one goes on'), min: 2, max: 100 }
  };
  return (
    <>
      {(Object.entries(prunerOptions[pruner]) as [keyof typeof words, number][]).map(([name, value]) => (
        <CountField key={name} {...words[name]} value={value} onChange={next => onChange({ prunerOptions: { ...prunerOptions, [pruner]: { ...prunerOptions[pruner], [name]: next } } })} />
      ))}
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

function Optional({ label, value, hint, min = 1, onChange }: { label: string; value: string; hint?: string; min?: number; onChange: (value: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <input type="number" min={min} placeholder={hint ?? trans.__('no limit')} value={value} onChange={event => onChange(event.target.value)} />
    </label>
  );
}
