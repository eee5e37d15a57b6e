/** The knobs of the policy; an owner changes them, the defaults suit most. */
export interface PolicySettings {
  /** After this long, use counts half in the fair shares. */
  halfLifeMs: number;
  /** Nobody is preempted before this long after the start. */
  minRunMs: number;
  /** What a preempted job gets to write its checkpoint, between the signal and the end. */
  graceMs: number;
  /** One point of priority is worth this much waiting. */
  priorityMs: number;
  /** A job waits this many times its own length, by its width, behind shorter ones, so that short ones wait little. */
  lengthFactor: number;
  /** Each doubling of a job's width, its ranks times their GPUs, is worth this much waiting: narrow ones find room beside wide ones, not the other way round. */
  wideMs: number;
  /** For how many blocked jobs room is kept free at once. */
  protections: number;
}

export const DEFAULT_SETTINGS: PolicySettings = {
  halfLifeMs: 7 * 24 * 3_600_000,
  minRunMs: 600_000,
  graceMs: 30_000,
  priorityMs: 3_600_000,
  lengthFactor: 0.5,
  wideMs: 4 * 3_600_000,
  protections: 2
};
