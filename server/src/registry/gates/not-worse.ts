import { parseSliceMetric, sortSlices, toMetricValue, type ModelGates, type RuleResult } from '@slipway/schema';
import { ruleResult } from './rule-result';

export interface ChampionFacts {
  version: string;
  metrics: ReadonlyMap<string, number>;
}
type Rule = ModelGates['notWorseThanChampion'][number];
type Metrics = ReadonlyMap<string, number>;

/** The rule for all data, and for each slice that the champion was measured on. */
export function notWorse(rule: Rule, metrics: Metrics, champion: ChampionFacts | null): RuleResult[] {
  return [judgeOne(rule, metrics, champion, rule.metric), ...(rule.slices === false || !champion ? [] : judgeSlices(rule, rule.slices, metrics, champion))];
}

function judgeSlices(rule: Rule, columns: true | string[], metrics: Metrics, champion: ChampionFacts): RuleResult[] {
  const [mine, theirs] = [metrics, champion.metrics].map(m => sortSlices(m).sliced.filter(s => s.metric === rule.metric && (columns === true || columns.includes(s.column))));
  const known = new Map(mine!.flatMap(s => s.slices.map(({ value, rows }) => [`${s.column}:${value}`, rows] as const)));
  const judged = theirs!.flatMap(({ column, slices }) =>
    slices.map(({ value, rows: championRows }) => {
      const rows = known.get(`${column}:${value}`) ?? championRows;
      const result = judgeOne(rule, metrics, champion, `${rule.metric}/slice/${column}:${value}`);
      const isSmall = rule.minRows !== null && rows !== null && rows < rule.minRows;
      return { ...result, slice: { column, value, rows }, ...(isSmall && { passed: true, note: `Only ${rows} rows, of ${rule.minRows} at least: told, not judged.` }) };
    })
  );
  const unknown = columns === true ? [] : columns.filter(c => !theirs!.some(s => s.column === c));
  return [...judged, ...unknown.map(c => ruleResult(`not_worse:${rule.metric}/slice/${c}`, `${rule.metric} by ${c} not worse than @champion's`, undefined, { champion: { version: champion.version, value: null }, passed: true, note: `The champion was not measured by ${c}.` }))];
}

/** One metric against the champion's. NaN is worse than anything: no comparison with it holds. */
function judgeOne({ direction, tolerance }: Rule, metrics: Metrics, champion: ChampionFacts | null, name: string): RuleResult {
  const [value, theirs] = [metrics.get(name), champion?.metrics.get(name)];
  const slice = parseSliceMetric(name);
  const called = slice ? `${slice.metric} where ${slice.column} is ${slice.value}` : name;
  const rule = `${called} not worse than @champion's${tolerance > 0 ? ` by more than ${tolerance}` : ''}, ${direction} is better`;
  const told = (passed: boolean, note: string | null): RuleResult =>
    ruleResult(`not_worse:${name}`, rule, value, { champion: champion && { version: champion.version, value: theirs === undefined ? null : toMetricValue(theirs) }, passed, note });
  if (value === undefined) {
    return told(false, slice ? `The version was not measured where ${slice.column} is ${slice.value}.` : `The version's run has no metric ${name}.`);
  }
  if (theirs === undefined || Number.isNaN(theirs)) {
    return told(!Number.isNaN(value), champion ? `The champion has no ${called} to compare with.` : 'There is no champion yet.');
  }
  return told(direction === 'higher' ? value >= theirs - tolerance : value <= theirs + tolerance, null);
}
