import type { Sweep } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';

/** How many trials are over, of how many, and what became of those that gave no value. */
export function SweepProgress({ sweep }: { sweep: Pick<Sweep, 'counts' | 'maxTrials'> }): React.JSX.Element {
  const { trans } = useSlipway();
  const { counts, maxTrials } = sweep;
  const over = counts.asked - counts.running;
  const parts = [
    counts.running > 0 && trans.__('%1 running', counts.running),
    counts.pruned > 0 && trans.__('%1 stopped early', counts.pruned),
    counts.failed > 0 && trans._n('%1 failed', '%1 failed', counts.failed)
  ].filter(Boolean);
  return (
    <span className="jp-SlipwaySweep-progress">
      <progress max={maxTrials} value={over} aria-label={trans.__('Trials that are over')} /> {trans.__('%1 of %2', over, maxTrials)}
      {parts.length > 0 && <span className="jp-SlipwayFaint"> · {parts.join(' · ')}</span>}
    </span>
  );
}
