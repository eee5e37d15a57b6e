import type { PipelineRun } from '@slipway/schema';

/** One row of what two runs differ in; null where a run has none. */
export interface RunDifference<T> {
  name: string;
  before: T | null;
  after: T | null;
}

export interface RunDifferences {
  params: RunDifference<PipelineRun['params'][string]>[];
  metrics: RunDifference<PipelineRun['metrics'][string]>[];
  /** All steps, for how long each took is never quite the same; in ms. */
  durations: (RunDifference<number> & { isCachedBefore: boolean; isCachedAfter: boolean })[];
}

/** What changed from one run of a pipeline to a later one. */
export function differencesOf(before: PipelineRun, after: PipelineRun): RunDifferences {
  const steps = (run: PipelineRun) => new Map(run.steps.map(step => [step.name, step]));
  const [old, now] = [steps(before), steps(after)];
  return {
    params: changed(before.params, after.params),
    metrics: changed(before.metrics, after.metrics),
    durations: [...new Set([...old.keys(), ...now.keys()])].map(name => ({
      name,
      before: old.get(name)?.durationMs ?? null,
      after: now.get(name)?.durationMs ?? null,
      isCachedBefore: old.get(name)?.cached ?? false,
      isCachedAfter: now.get(name)?.cached ?? false
    }))
  };
}

function changed<T>(before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>): RunDifference<T>[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map(name => ({ name, before: before[name] ?? null, after: after[name] ?? null }))
    .filter(row => row.before !== row.after);
}
