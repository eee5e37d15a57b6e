import type { MachineSample } from '@slipway/schema';

interface Sampled {
  executionId: string;
  details: { machine?: MachineSample[] };
}

/**
 * What the machine did while the cells ran that are new to a trial, as MLflow's
 * system metrics. Steps count on from the samples of the cells it had before.
 */
export function machineMetrics(executions: readonly Sampled[], known: readonly string[], slice: readonly string[]): { key: string; value: number; step: number; timestamp: Date }[] {
  const samplesOf = (ids: readonly string[]): MachineSample[] => executions.filter(e => ids.includes(e.executionId)).flatMap(e => e.details.machine ?? []);
  const first = samplesOf(known).length;
  return samplesOf(slice.filter(id => !known.includes(id))).flatMap((sample, i) =>
    Object.entries(sample.values).map(([name, value]) => ({ key: `system/${name}`, value, step: first + i, timestamp: new Date(sample.at) }))
  );
}
