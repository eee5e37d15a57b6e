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
  /** What a project used more of the cluster than another, in time of the whole cluster, delays its jobs by so many times that. */
  fairFactor: number;
  /** Jobs no longer than `shortMs` go before all that came up to `shortLeadMs` earlier; longer and wider ones by as much less. */
  shortMs: number;
  shortLeadMs: number;
  /** A job goes ahead by so many times its length, which counts up to `longestMs`: begun last, long ones would run alone in an empty cluster. */
  longFactor: number;
  longestMs: number;
  /** For how many blocked jobs room is kept free at once, beside those for whom others were told to leave. */
  protections: number;
}

export const DEFAULT_SETTINGS: PolicySettings = {
  halfLifeMs: 7 * 24 * 3_600_000,
  minRunMs: 600_000,
  graceMs: 30_000,
  priorityMs: 3_600_000,
  fairFactor: 1.5,
  shortMs: 600_000,
  shortLeadMs: 48 * 3_600_000,
  longFactor: 2,
  longestMs: 24 * 3_600_000,
  protections: 1
};
