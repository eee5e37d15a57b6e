import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { LatencyEvidence } from '@slipway/schema';
import { percentile } from '../../core/percentile';

const WARM_UP = 5;

/**
 * Asks one after the other, after a few that do not count (they load the model),
 * and says how long answers took: to this process, without HTTP.
 *
 * @param patienceMs for all that counts; where it ends before, fewer requests are evidence, at least one
 */
export async function measure(ask: () => Promise<unknown>, of: { requests: number; input: LatencyEvidence['input']; patienceMs: number }): Promise<LatencyEvidence> {
  const machine = { cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism(), memoryBytes: totalmem(), load: loadavg()[0]! };
  for (let i = 0; i < WARM_UP; i++) {
    await ask();
  }
  const took: number[] = [];
  const end = performance.now() + of.patienceMs;
  while (took.length < of.requests && (took.length === 0 || performance.now() < end)) {
    const start = performance.now();
    await ask();
    took.push(performance.now() - start);
  }
  const msAt = (percent: number): number => Math.round(percentile(took, percent) * 1_000) / 1_000; // to the microsecond
  return { requests: took.length, input: of.input, p50Ms: msAt(50), p95Ms: msAt(95), maxMs: msAt(100), machine, measuredAt: new Date().toISOString() };
}
