import { endpoints, type Sweep } from '@slipway/schema';
import * as React from 'react';
import { ParamName } from '../core/parts';
import { SlipwayError } from '../core/slipway-error';
import { useFetched } from '../core/use-fetched';
import { useSlipway } from '../core/ui';

/** How much of the spread of the objective each param explains. */
export function ImportanceBars({ sweep }: { sweep: Sweep }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [method, setMethod] = React.useState<'fanova' | 'ped-anova'>('fanova');
  const { value, error } = useFetched(signal => client.call(endpoints.sweeps.importances, { params: { sweepId: sweep.id }, query: { method }, signal }), [sweep.id, sweep.counts.succeeded, method]);
  return (
    <section aria-label={trans.__('Importances')}>
      <label className="jp-SlipwayField jp-SlipwaySweep-method">
        <span>{trans.__('By')}</span>
        <select value={method} onChange={event => setMethod(event.target.value as typeof method)}>
          <option value="fanova">{trans.__('fANOVA: over all trials')}</option>
          <option value="ped-anova">{trans.__('PED-ANOVA: among the best')}</option>
        </select>
      </label>
      {error instanceof SlipwayError && error.code === 'too_few_trials' ? <p className="jp-SlipwayFaint">{error.message}</p> : error && <p role="alert">{error.message}</p>}
      {value && (
        <dl className="jp-SlipwaySweep-bars">
          {value.params.map(({ name, importance }) => (
            <div key={name}>
              <dt><ParamName name={name} /></dt>
              <dd>
                <span className="jp-SlipwaySweep-bar" style={{ inlineSize: `${Math.max(0.5, importance * 100)}%` }} />
                <span>{trans.__('%1 %', (importance * 100).toFixed(1))}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
