import type { MachineSample, StepMetric, StepRead } from './spec';

/** A record of the kernel's hook, as `slipway.hook.capture` makes it for steps. */
export interface CaptureRecord {
  cellId: string | null;
  metrics: { name: string; value: number | string; step: number; isLogged?: true }[];
  reads: StepRead[];
  envRead: Record<string, string | null>;
  impurities: string[];
  packages: Record<string, string>;
  peakMemoryBytes: number | null;
  machine?: MachineSample[];
}

/** What all cells of a step did, together. */
export function gatherEvidence(records: readonly CaptureRecord[]): { metrics: StepMetric[]; reads: StepRead[]; envRead: Record<string, string | null>; impurities: string[]; packages: Record<string, string>; machine: MachineSample[]; peakCell: string | null } {
  const reads = new Map(records.flatMap(r => r.reads ?? []).map(read => [`${read.kind} ${read.path}`, read]));
  return {
    metrics: records.flatMap(r => r.metrics.filter(m => Number.isSafeInteger(m.step)).map(m => ({ cellId: r.cellId ?? '', name: m.name, value: Number(m.value), step: m.step, ...(m.isLogged && { isLogged: true as const }) }))),
    reads: [...reads.values()],
    envRead: Object.assign({}, ...records.map(r => r.envRead ?? {})) as Record<string, string | null>,
    impurities: [...new Set(records.flatMap(r => r.impurities))],
    packages: Object.assign({}, ...records.map(r => r.packages)) as Record<string, string>,
    machine: records.flatMap(r => r.machine ?? []),
    peakCell: records.reduce<CaptureRecord | null>((most, r) => ((r.peakMemoryBytes ?? 0) > (most?.peakMemoryBytes ?? 0) ? r : most), null)?.cellId ?? null
  };
}
