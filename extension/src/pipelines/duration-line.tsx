import type { Pipeline } from '@slipway/schema';
import * as React from 'react';
import { formatDuration } from '../core/format';
import { useSlipway } from '../core/ui';

const WIDTH = 80;
const HEIGHT = 20;

/** How long the last runs took, as a line, oldest first. */
export function DurationLine({ runs }: { runs: Pipeline['recentRuns'] }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const durations = [...runs].reverse().flatMap(run => run.durationMs ?? []);
  if (durations.length < 2) {
    return null;
  }
  const longest = Math.max(...durations, 1);
  const points = durations.map((ms, i) => `${((i / (durations.length - 1)) * (WIDTH - 4) + 2).toFixed(1)},${(HEIGHT - 2 - (ms / longest) * (HEIGHT - 4)).toFixed(1)}`);
  const label = trans.__('Durations from %1 to %2, the last %3', formatDuration(Math.min(...durations)), formatDuration(longest), formatDuration(durations[durations.length - 1]!));
  return (
    <svg className="jp-SlipwayDurationLine" width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
