import type { LatencyEvidence, ModelGates, RuleResult } from '@slipway/schema';
import { notWorse, type ChampionFacts } from './not-worse';
import { ruleResult } from './rule-result';

/** What is known of a version when its gates are judged. */
export interface Facts {
  /** The last value of each metric of its run, those of slices too. */
  metrics: ReadonlyMap<string, number>;
  tags: ReadonlyMap<string, string>;
  /** Of the run behind it. */
  runTags: ReadonlyMap<string, string>;
  /** null where the files lie elsewhere or there are none. */
  sizeBytes: number | null;
  hasSignature: boolean;
  /** null where nobody asked for it. */
  latency: { state: 'pending' } | { state: 'measured'; evidence: LatencyEvidence } | { state: 'failed'; failure: string } | null;
}
/** Tag of a version, or of its run, by which CI says how a test went; `.url` after it names where to read more. */
export const TEST_TAG = 'test.';

/** Judges every rule, passed or not; without rules there is nothing to fail. */
export function judge(gates: ModelGates, facts: Facts, champion: ChampionFacts | null): RuleResult[] {
  return [
    ...gates.thresholds.map(t => threshold(t, facts)),
    ...gates.notWorseThanChampion.flatMap(n => notWorse(n, facts.metrics, champion)),
    ...gates.requiredTags.map(t => requiredTag(t, facts)),
    ...gates.requiredTests.map(t => requiredTest(t, facts)),
    ...(gates.maxSizeBytes === null ? [] : [size(gates.maxSizeBytes, facts)]),
    ...(gates.latency === null ? [] : [latency(gates.latency, facts)]),
    ...(gates.requireSignature ? [signature(facts)] : [])
  ];
}

/** Failed where a rule is, pending while one is, else passed. */
export function verdictOf(results: readonly RuleResult[]): 'passed' | 'failed' | 'pending' {
  const open = results.filter(r => !r.passed);
  return open.length === 0 ? 'passed' : open.some(r => !r.isPending) ? 'failed' : 'pending';
}

const HOLDS = {
  '>=': (a: number, b: number) => a >= b,
  '>': (a: number, b: number) => a > b,
  '<=': (a: number, b: number) => a <= b,
  '<': (a: number, b: number) => a < b
};

function threshold({ metric, comparator, value: limit }: ModelGates['thresholds'][number], { metrics }: Facts): RuleResult {
  const value = metrics.get(metric);
  return ruleResult(`threshold:${metric}`, `${metric} ${comparator} ${limit}`, value, {
    passed: value !== undefined && HOLDS[comparator](value, limit),
    note: value === undefined ? `The version's run has no metric ${metric}.` : null
  });
}

function requiredTag({ key, value }: ModelGates['requiredTags'][number], { tags }: Facts): RuleResult {
  const found = tags.get(key);
  return ruleResult(`tag:${key}`, value === undefined ? `the tag ${key} is set` : `the tag ${key} is '${value}'`, undefined, {
    passed: found !== undefined && (value === undefined || found === value),
    note: found === undefined ? 'It is not set.' : `It is '${found}'.`
  });
}

/** What is said of the version itself counts before what its run says. */
function requiredTest(name: string, { tags, runTags }: Facts): RuleResult {
  const key = `${TEST_TAG}${name}`;
  const found = tags.get(key) ?? runTags.get(key);
  const url = tags.get(`${key}.url`) ?? runTags.get(`${key}.url`);
  return ruleResult(`test:${name}`, `the test ${name} passed`, undefined, {
    passed: found === 'passed',
    note: found === undefined ? `Nobody has set the tag ${key} on the version or its run.` : `It says '${found}'${url === undefined ? '' : `: ${url}`}.`
  });
}

function size(maxBytes: number, { sizeBytes }: Facts): RuleResult {
  return ruleResult('size', `its files have at most ${maxBytes} bytes`, sizeBytes ?? undefined, {
    passed: sizeBytes !== null && sizeBytes <= maxBytes,
    note: sizeBytes === null ? 'It has no files here, so their size is not known.' : null
  });
}

function latency({ p95Ms, requests }: NonNullable<ModelGates['latency']>, { latency: fact }: Facts): RuleResult {
  const rule = `95 of 100 predictions take at most ${p95Ms} ms`;
  if (fact?.state === 'measured') {
    return ruleResult('latency', rule, fact.evidence.p95Ms, { passed: fact.evidence.p95Ms <= p95Ms, latency: fact.evidence, note: null });
  }
  const isPending = fact?.state === 'pending';
  return ruleResult('latency', rule, undefined, { passed: false, isPending, note: isPending ? `It is being measured with ${requests} requests.` : `It could not be measured: ${fact?.failure ?? 'the version has no files here.'}` });
}

function signature({ hasSignature }: Facts): RuleResult {
  return ruleResult('signature', 'it has a signature', undefined, { passed: hasSignature, note: hasSignature ? null : 'Log the model with an input_example or a signature.' });
}
