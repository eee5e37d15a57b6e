import * as React from 'react';
import { useSlipway } from '../core/ui';
import type { Dimension } from './dimensions';

const WIDTH = 900;
export const HEIGHT = 240;
export const MARGIN = { x: 60, top: 34, bottom: 26 };

/** One run through all dimensions; `at` is its place in theirs. */
export interface ParallelLine {
  id: string;
  name: string;
  at: number;
  stroke: string;
}

/** Where a place between 0 and 1 lies in a plot of `height`. */
export const up = (place: number, height: number): number => MARGIN.top + (1 - place) * (height - MARGIN.top - MARGIN.bottom);

/** Parallel coordinates: a line a run; later lines lie above earlier ones. */
export function Parallel({ lines, dimensions }: { lines: readonly ParallelLine[]; dimensions: readonly Dimension[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const across = (index: number): number => MARGIN.x + (index * (WIDTH - 2 * MARGIN.x)) / Math.max(1, dimensions.length - 1);
  return (
    <svg className="jp-SlipwayRelations-parallel" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={trans.__('Parallel coordinates of %1 runs', lines.length)}>
      {dimensions.map((dimension, index) => (
        <g key={dimension.id} transform={`translate(${across(index)} 0)`}>
          <line y1={up(1, HEIGHT)} y2={up(0, HEIGHT)} />
          <text y={index % 2 ? 26 : 12} textAnchor="middle" data-kind={dimension.kind}>{short(dimension.label)}</text>
          {dimension.ticks.map(tick => (
            <text key={tick.text} x={6} y={up(tick.at, HEIGHT) + (tick.at > 0.9 ? 10 : -3)}>{short(tick.text)}</text>
          ))}
        </g>
      ))}
      {lines.map(({ id, name, at, stroke }) => (
        <polyline key={id} points={dimensions.flatMap((dimension, index) => (dimension.places[at] == null ? [] : [`${across(index)},${up(dimension.places[at]!, HEIGHT)}`])).join(' ')} style={{ stroke }}>
          <title>{name}</title>
        </polyline>
      ))}
    </svg>
  );
}

/** The end of a long name tells more than its beginning. */
export function short(text: string): string {
  const own = text.slice(text.lastIndexOf('.') + 1);
  const name = own === '' || /^\d/.test(own) ? text : own;
  return name.length > 16 ? `${name.slice(0, 15)}…` : name;
}
