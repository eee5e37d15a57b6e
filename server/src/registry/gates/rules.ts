import type { MetricValue, ModelGates, RuleResult } from '@slipway/schema';

/** What is known of a version when its gates are judged. */
export interface Facts {
  /** The last value of each metric of its run. */
  metrics: ReadonlyMap<string, number>;
  tags: ReadonlyMap<string, string>;
  /** null where the files lie elsewhere or there are none. */
  sizeBytes: number | null;
}
export interface ChampionFacts {
  version: string;
  metrics: ReadonlyMap<string, number>;
}

/** Judges every rule, passed or not; without rules there is nothing to fail. */
export function judge(gates: ModelGates, facts: Facts, champion: ChampionFacts | null): RuleResult[] {
  return [
    ...gates.thresholds.map(t => threshold(t, facts)),
    ...gates.notWorseThanChampion.map(n => notWorse(n, facts, champion)),
    ...gates.requiredTags.map(t => requiredTag(t, facts)),
    ...(gates.maxSizeBytes === null ? [] : [size(gates.maxSizeBytes, facts)])
  ];
}

const HOLDS = {
  '>=': (a: number, b: number) => a >= b,
  '>': (a: number, b: number) => a > b,
  '<=': (a: number, b: number) => a <= b,
  '<': (a: number, b: number) => a < b
};

function threshold({ metric, comparator, value: limit }: ModelGates['thresholds'][number], { metrics }: Facts): RuleResult {
  const value = metrics.get(metric);
  return result(`threshold:${metric}`, `${metric} ${comparator} ${limit}`, value, {
    passed: value !== undefined && HOLDS[comparator](value, limit),
    note: value === undefined ? `The version's run has no metric ${metric}.` : null
  });
}

/** NaN is worse than anything: no comparison with it holds. */
function notWorse({ metric, direction, tolerance }: ModelGates['notWorseThanChampion'][number], { metrics }: Facts, champion: ChampionFacts | null): RuleResult {
  const value = metrics.get(metric);
  const theirs = champion?.metrics.get(metric);
  const rule = `${metric} not worse than @champion's${tolerance > 0 ? ` by more than ${tolerance}` : ''}, ${direction} is better`;
  const shown = champion && { version: champion.version, value: theirs === undefined ? null : printable(theirs) };
  if (value === undefined) {
    return result(`not_worse:${metric}`, rule, value, { champion: shown, passed: false, note: `The version's run has no metric ${metric}.` });
  }
  if (theirs === undefined || Number.isNaN(theirs)) {
    return result(`not_worse:${metric}`, rule, value, { champion: shown, passed: !Number.isNaN(value), note: champion ? `The champion has no ${metric} to compare with.` : 'There is no champion yet.' });
  }
  const isFine = direction === 'higher' ? value >= theirs - tolerance : value <= theirs + tolerance;
  return result(`not_worse:${metric}`, rule, value, { champion: shown, passed: isFine, note: null });
}

function requiredTag({ key, value }: ModelGates['requiredTags'][number], { tags }: Facts): RuleResult {
  const found = tags.get(key);
  return result(`tag:${key}`, value === undefined ? `the tag ${key} is set` : `the tag ${key} is '${value}'`, undefined, {
    passed: found !== undefined && (value === undefined || found === value),
    note: found === undefined ? 'It is not set.' : `It is '${found}'.`
  });
}

function size(maxBytes: number, { sizeBytes }: Facts): RuleResult {
  return result('size', `its files have at most ${maxBytes} bytes`, sizeBytes ?? undefined, {
    passed: sizeBytes !== null && sizeBytes <= maxBytes,
    note: sizeBytes === null ? 'It has no files here, so their size is not known.' : null
  });
}

function result(id: string, rule: string, value: number | undefined, rest: { passed: boolean; note: string | null; champion?: RuleResult['champion'] }): RuleResult {
  return { id, rule, value: value === undefined ? null : printable(value), champion: null, ...rest };
}

function printable(value: number): MetricValue {
  return Number.isFinite(value) ? value : (String(value) as MetricValue);
}
