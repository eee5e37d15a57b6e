import { gib } from './policy';

/** What the last successful runs of a step took of memory. */
export interface History {
  peaksBytes: readonly number[];
  askedBytes: number;
}

/** All items of a map are one step: `churn / train [17]` → `churn / train`. */
export const stepLabel = (label: string): string => label.replace(/ \[\d+\]$/, '');

const RUNS_FOR_ESTIMATE = 3;
const RUNS_FOR_ADVICE = 5;
const SMALLEST_ADVICE = 256 * 2 ** 20;

/** How long a job is expected to run: half as long again as the longest of its last runs, within its limit. */
export function estimateOf(limitMs: number, durationsMs: readonly number[] = []): number {
  if (durationsMs.length < RUNS_FOR_ESTIMATE) {
    return limitMs;
  }
  return Math.min(limitMs, Math.max(1_000, Math.ceil(1.5 * Math.max(...durationsMs))));
}

/** What to ask for in place of far too much; null while there is too little to go by, or nothing to gain. */
export function memoryAdvice(history: History): { runs: number; askedBytes: number; peakBytes: number; adviceBytes: number; text: string } | null {
  const runs = history.peaksBytes.length;
  if (runs < RUNS_FOR_ADVICE) {
    return null;
  }
  const peakBytes = Math.max(...history.peaksBytes);
  const step = SMALLEST_ADVICE;
  const adviceBytes = Math.max(step, Math.ceil((peakBytes * 1.5) / step) * step);
  if (adviceBytes * 2 > history.askedBytes) {
    return null;
  }
  const text = `Asked for ${gib(history.askedBytes)}, never used more than ${gib(peakBytes)} in ${runs} runs: ask for ${gib(adviceBytes)}.`;
  return { runs, askedBytes: history.askedBytes, peakBytes, adviceBytes, text };
}
