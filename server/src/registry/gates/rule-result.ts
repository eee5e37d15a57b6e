import { toMetricValue, type RuleResult } from '@slipway/schema';

/** A result with what most rules leave empty. */
export function ruleResult(id: string, rule: string, value: number | undefined, rest: Pick<RuleResult, 'passed' | 'note'> & Partial<RuleResult>): RuleResult {
  return { id, rule, value: value === undefined ? null : toMetricValue(value), champion: null, isPending: false, slice: null, latency: null, ...rest };
}
