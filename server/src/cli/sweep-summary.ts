import type { Sweep } from '@slipway/schema';
import { print } from './output';

export const isSweepOver = (sweep: Pick<Sweep, 'state'>): boolean => sweep.state === 'succeeded' || sweep.state === 'failed' || sweep.state === 'cancelled';

/** A sweep for people: how far it is, and its best trial. */
export function printSweep(sweep: Sweep): void {
  const { counts, best, objective } = sweep;
  const parts = [`${counts.succeeded} succeeded`, counts.pruned && `${counts.pruned} pruned`, counts.failed && `${counts.failed} failed`, counts.cancelled && `${counts.cancelled} cancelled`, counts.running && `${counts.running} running`].filter(Boolean);
  print(`${sweep.name} (${sweep.id}): ${sweep.state}, ${counts.asked} of ${sweep.maxTrials} trials (${parts.join(', ')})`);
  sweep.why === null || print(`  ${sweep.why}`);
  if (best) {
    print(`  best ${objective.metric} = ${best.value} in trial ${best.number}, run ${best.runId}`);
    Object.entries(best.params).forEach(([name, value]) => print(`    ${name} = ${JSON.stringify(value)}`));
  }
}
