import type { Amounts } from './cluster';

/** What a project used up to an instant: dominant share of the cluster times milliseconds, older use fading. */
export interface Usage {
  value: number;
  at: number;
}

/**
 * The largest part of any one resource of the cluster: what a job costs a
 * moment (dominant resource fairness, Ghodsi et al. 2011).
 */
export function costOf(amounts: Amounts, total: Amounts): number {
  const part = (a: number, of: number): number => (of > 0 ? a / of : 0);
  return Math.max(part(amounts.cpus, total.cpus), part(amounts.memoryBytes, total.memoryBytes), part(amounts.gpus, total.gpus));
}

/** Use as it counts `now`, half of it gone after each half-life. */
export function fadedUsage(usage: Usage, now: number, halfLifeMs: number): number {
  return usage.value * 2 ** (-Math.max(0, now - usage.at) / halfLifeMs);
}

/** What it adds to the use at `until`, to have cost `cost` since `from`: the integral of the fading cost. */
export function usageOf(cost: number, from: number, until: number, halfLifeMs: number): number {
  const rate = Math.LN2 / halfLifeMs;
  return (cost / rate) * -Math.expm1(-rate * Math.max(0, until - from));
}
