import { BaseEdge, type EdgeProps } from '@xyflow/react';
import * as React from 'react';
import type { Point } from './layout';

const CORNER_RADIUS = 8;

/** An edge along the corners that the layout gave it. */
export function RoutedEdge({ id, data, markerEnd }: EdgeProps): React.JSX.Element {
  return <BaseEdge id={id} path={roundedPath((data as { points: Point[] }).points)} {...(markerEnd !== undefined && { markerEnd })} />;
}

/** An SVG path through the points, its corners rounded. */
export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) {
    return '';
  }
  const parts = [`M${first.x},${first.y}`];
  rest.forEach((corner, index) => {
    const before = points[index]!;
    const after = rest[index + 1];
    if (!after) {
      parts.push(`L${corner.x},${corner.y}`);
      return;
    }
    const [start, end] = [toward(corner, before), toward(corner, after)];
    parts.push(`L${start.x},${start.y}`, `Q${corner.x},${corner.y} ${end.x},${end.y}`);
  });
  return parts.join(' ');
}

/** The point a corner's radius away, or half way where the next corner is near. */
function toward(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(CORNER_RADIUS, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}
