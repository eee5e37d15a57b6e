import { whyNever, whyNotNow, type Slots } from './slots';
import type { JobRow } from './tables';

/** Why a queued job has not started, in one sentence for its owner. */
export function pendingReason(job: JobRow, slots: Slots, now = Date.now()): string {
  const demand = { cpus: job.cpus, memoryBytes: Number(job.memory_bytes), gpus: job.gpus };
  const never = whyNever(demand, slots.capacity);
  if (never !== null) {
    return never;
  }
  const waitMs = job.not_before.getTime() - now;
  if (waitMs > 0) {
    return `Tried again in ${Math.ceil(waitMs / 1000)} s.`;
  }
  const used = slots.used();
  return whyNotNow(demand, slots.capacity, { ...used, gpus: used.gpuIds.size }) ?? 'Starts in a moment.';
}
