import * as React from 'react';

const WIDTH = 64;
const HEIGHT = 16;

/** A small line of a metric's values over its steps. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }): React.JSX.Element | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) {
    return null;
  }
  const least = Math.min(...finite);
  const span = Math.max(...finite) - least || 1;
  const points = finite.map((value, index) => {
    const x = (index / (finite.length - 1)) * (WIDTH - 2) + 1;
    const y = HEIGHT - 2 - ((value - least) / span) * (HEIGHT - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg className="jp-SlipwaySparkline" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <polyline points={points.join(' ')} />
    </svg>
  );
}
