import type { Amounts } from './cluster';

/**
 * What a project may hold. Up to `guaranteed` it gets back from those who
 * borrowed; beyond it, it borrows what is idle, up to `limit`. An amount not
 * named is not limited, and not guaranteed.
 */
export interface Quota {
  project: string;
  guaranteed: Partial<Amounts>;
  /** null: as much as is idle. */
  limit: Partial<Amounts> | null;
  /** Its part in the fair shares, against 1 of the others. */
  weight: number;
}

export const NO_QUOTA: Omit<Quota, 'project'> = { guaranteed: {}, limit: null, weight: 1 };
export const NOTHING: Amounts = { cpus: 0, memoryBytes: 0, gpus: 0 };
const KEYS = ['gpus', 'cpus', 'memoryBytes'] as const;

export function plus(a: Amounts, b: Amounts, sign: 1 | -1 = 1): Amounts {
  return { cpus: a.cpus + sign * b.cpus, memoryBytes: a.memoryBytes + sign * b.memoryBytes, gpus: a.gpus + sign * b.gpus };
}

/** The first amount of `used` beyond the bounds; null when it keeps them all. */
export function beyond(used: Amounts, bounds: Partial<Amounts>): keyof Amounts | null {
  return KEYS.find(k => bounds[k] !== undefined && used[k] > bounds[k] + 1e-6) ?? null;
}

export const hasGuarantee = (quota: Pick<Quota, 'guaranteed'>): boolean => KEYS.some(k => quota.guaranteed[k] !== undefined);

/** Does the project hold no more than it is guaranteed? One without a guarantee always borrows once others have one. */
export function isWithin(used: Amounts, quota: Pick<Quota, 'guaranteed'>): boolean {
  return hasGuarantee(quota) && beyond(used, { cpus: Infinity, memoryBytes: Infinity, gpus: quota.guaranteed.gpus ?? 0, ...definedOf(quota.guaranteed) }) === null;
}

function definedOf(amounts: Partial<Amounts>): Partial<Amounts> {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== undefined));
}

/** Does the project hold more of something it is guaranteed than that? */
export function beyondGuarantee(used: Amounts, quota: Pick<Quota, 'guaranteed'>): boolean {
  return beyond(used, definedOf(quota.guaranteed)) !== null;
}
