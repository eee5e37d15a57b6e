import type { RunDetail } from '@slipway/schema';
import * as React from 'react';
import { Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { COLOURS } from './curve-plot';
import { dimensionsOf, type Dimension } from './dimensions';
import { LabelledSelect } from './labelled-select';
import { HEIGHT, MARGIN, Parallel, short, up } from './parallel';

const SIDE = 440;
/** Two points are always on one line. */
const LEAST_RUNS = 3;

/** How params and metrics go together: a line a run through all, or a point a run between two. */
export function Relations({ runs }: { runs: RunDetail[] }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const dimensions = React.useMemo(() => dimensionsOf(runs), [runs]);
  if (dimensions.length < 2 || runs.length < LEAST_RUNS) {
    return null;
  }
  return (
    <section aria-label={trans.__('How they go together')}>
      <Heading title={trans.__('How they go together')} />
      <div className="jp-SlipwayRelations">
        <Parallel lines={runs.map((run, at) => ({ id: run.id, name: run.name, at, stroke: colour(at) }))} dimensions={dimensions.slice(0, 12)} />
        <Scatter runs={runs} dimensions={dimensions} />
      </div>
    </section>
  );
}

function colour(index: number): string {
  return `var(--jp-slipway-series-${index % COLOURS})`;
}

function Scatter({ runs, dimensions }: { runs: RunDetail[]; dimensions: Dimension[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const [xId, setX] = React.useState<string | null>(null);
  const [yId, setY] = React.useState<string | null>(null);
  const x = dimensions.find(each => each.id === xId) ?? dimensions[0]!;
  const y = dimensions.find(each => each.id === yId) ?? dimensions.find(each => each.kind === 'metric' && each !== x) ?? dimensions[1]!;
  const across = (place: number): number => MARGIN.x + place * (SIDE - MARGIN.x - 20);
  return (
    <figure>
      <figcaption>
        <LabelledSelect label={trans.__('Up')} options={dimensions} value={y.id} onChange={setY} />
        <LabelledSelect label={trans.__('across')} options={dimensions} value={x.id} onChange={setX} />
      </figcaption>
      <svg viewBox={`0 0 ${SIDE} ${HEIGHT}`} role="img" aria-label={trans.__('%1 against %2', y.label, x.label)}>
        <line x1={across(0)} x2={across(1)} y1={up(0, HEIGHT) + 8} y2={up(0, HEIGHT) + 8} />
        <line x1={across(0) - 8} x2={across(0) - 8} y1={up(0, HEIGHT)} y2={up(1, HEIGHT)} />
        {x.ticks.map(tick => (
          <text key={tick.text} x={across(tick.at)} y={HEIGHT - 4} textAnchor="middle">{short(tick.text)}</text>
        ))}
        {y.ticks.map(tick => (
          <text key={tick.text} x={across(0) - 12} y={up(tick.at, HEIGHT) + 4} textAnchor="end">{short(tick.text)}</text>
        ))}
        {runs.map((run, at) =>
          x.places[at] == null || y.places[at] == null ? null : (
            <circle key={run.id} cx={across(x.places[at])} cy={up(y.places[at], HEIGHT)} r={5} style={{ fill: colour(at) }}>
              <title>{run.name}</title>
            </circle>
          )
        )}
      </svg>
    </figure>
  );
}
