import type { Point } from './finding';

/** The last `size` points of a series. */
export function lastOf(size: number) {
  let kept: Point[] = [];
  return {
    /** Gives the point that had to make room. */
    add(point: Point): Point | undefined {
      kept.push(point);
      return kept.length > size ? kept.shift() : undefined;
    },
    points: (): readonly Point[] => [...kept],
    clear: (): void => void (kept = [])
  };
}
