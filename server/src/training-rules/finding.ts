import type { TrainingRule } from '@slipway/schema';

/** A value of a metric, or of the machine, as it comes. */
export interface Point {
  /** The metric's step; milliseconds since the attempt began for what the machine tells. */
  at: number;
  value: number;
}

/** What one rule made of one series. */
export interface Verdict {
  message: string;
  evidence: readonly (Point & { series?: string })[];
}

/** Judges one series, point by point, in the order they come; null while nothing is wrong. */
export type Judge = (point: Point) => Verdict | null;

export interface Finding extends Verdict {
  rule: TrainingRule;
  metric: string;
}

/** So many values are kept with a finding. */
export const EVIDENCE = 20;

/** `0.0123`, `1.2e-9`, `1e8`: a number for a sentence. */
export function told(value: number): string {
  const rounded = Number(value.toPrecision(4));
  return Math.abs(rounded) >= 1e7 ? rounded.toExponential().replace('+', '') : String(rounded);
}
