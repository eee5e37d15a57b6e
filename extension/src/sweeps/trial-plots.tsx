import type { Sweep, SweepTrial } from '@slipway/schema';
import * as React from 'react';
import { formatNumber } from '../core/format';
import { Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { CurvePlot, type CurveLook, type NamedCurve } from '../experiments/curve-plot';
import { dimensionsOf } from '../experiments/dimensions';
import { Parallel } from '../experiments/parallel';
import { progressOf } from './best-so-far';

const LOOK: CurveLook = { smoothing: 0, isLog: false, x: 'step' };
/** More lines are a block of colour. */
const MOST_LINES = 1_000;

/** The value of each trial, and the best up to it. */
export function BestCurve({ sweep, trials }: { sweep: Sweep; trials: SweepTrial[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const { metric, direction } = sweep.objective;
  const curves = React.useMemo((): NamedCurve[] => {
    const { numbers, values, best } = progressOf(trials, direction);
    const curve = (own: number[]): NamedCurve['curve'] => ({ runId: sweep.id, key: metric, steps: numbers, times: numbers, values: own });
    return [
      { curve: curve(values), name: trans.__('each trial'), colour: 1 },
      { curve: curve(best), name: trans.__('best so far'), colour: 0 }
    ];
  }, [trials, sweep.id, metric, direction]);
  return (
    <section aria-label={trans.__('Best so far')}>
      <Heading title={trans.__('Best so far')} />
      <p className="jp-SlipwaySweep-legend">
        {curves.map(({ name, colour }) => (
          <span key={name}>
            <i style={{ background: `var(--jp-slipway-series-${colour})` }} /> {name}
          </span>
        ))}
      </p>
      <CurvePlot title={trans.__('%1 by trial', metric)} curves={curves} look={LOOK} />
    </section>
  );
}

/** A line a trial through all params to its value; the better, the stronger. */
export function TrialLines({ sweep, trials }: { sweep: Sweep; trials: SweepTrial[] }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const { metric, direction } = sweep.objective;
  // The best last, so that its line lies above the others.
  const shown = React.useMemo(() => {
    const ended = trials.filter(t => t.value !== null).sort((a, b) => (direction === 'minimize' ? b.value! - a.value! : a.value! - b.value!));
    return ended.slice(-MOST_LINES);
  }, [trials, direction]);
  const dimensions = React.useMemo(
    () => dimensionsOf(shown.map(t => ({ params: Object.entries(t.params).map(([key, value]) => ({ key, value: String(value ?? 'None') })), metrics: [{ key: metric, last: t.value! }] }) as never)),
    [shown, metric]
  );
  if (dimensions.length < 2) {
    return null;
  }
  const lines = shown.map((trial, at) => {
    const share = shown.length < 2 ? 100 : Math.round((at / (shown.length - 1)) * 100);
    const stroke = at === shown.length - 1 ? 'var(--jp-slipway-series-1)' : `color-mix(in srgb, var(--jp-slipway-series-0) ${20 + share * 0.8}%, var(--jp-border-color2))`;
    return { id: String(trial.number), name: trans.__('Trial %1: %2', trial.number, formatNumber(trial.value!)), at, stroke };
  });
  return (
    <section aria-label={trans.__('How they go together')}>
      <Heading title={trans.__('How they go together')} />
      <p className="jp-SlipwayFaint">{trans.__('A line for each trial; the stronger, the better, the best in another colour.')}</p>
      <div className="jp-SlipwayRelations">
        <Parallel lines={lines} dimensions={dimensions.slice(0, 12)} />
      </div>
    </section>
  );
}
