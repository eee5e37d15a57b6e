import type { TrainingRule } from '@slipway/schema';
import { globPattern } from '../core/glob';
import type { Finding, Judge, Verdict } from './finding';
import { gpuIdle, memoryGrowing } from './usage-rules';
import { exploding, notDecreasing, notFinite, overfitting, vanishing } from './value-rules';

/** Metrics that are watched; more names than that are no metrics of a training. */
const MOST_METRICS = 1_000;

/** What the machine tells of a step: percent of its GPUs' use, bytes of its memory; `at` in milliseconds since the attempt began. */
export interface Usage {
  at: number;
  gpuPercent: number | null;
  memoryBytes: number | null;
}

export type RuleBook = ReturnType<typeof createRuleBook>;

/** The rules of one attempt with all they remember. Each tells of a metric once. */
export function createRuleBook(rules: readonly TrainingRule[], limits: { memoryBytes: number }) {
  const watchers = rules.map(rule => watcherOf(rule, limits.memoryBytes));

  function findings(of: (watcher: Watcher) => readonly Finding[]): Finding[] {
    return watchers.flatMap(watcher => of(watcher).filter(finding => watcher.isNews(finding.metric)));
  }

  return {
    /** Points of metrics in the order they were measured. */
    hear: (points: readonly { name: string; step: number; value: number }[]): Finding[] => points.flatMap(point => findings(watcher => watcher.hear(point))),
    sampled: (usage: Usage): Finding[] => findings(watcher => watcher.sampled(usage))
  };
}

interface Watcher {
  hear(point: { name: string; step: number; value: number }): Finding[];
  sampled(usage: Usage): Finding[];
  /** Whether the rule has not told of the metric yet; it has then. */
  isNews(metric: string): boolean;
}

function watcherOf(rule: TrainingRule, memoryBytes: number): Watcher {
  const toldOf = new Set<string>();
  const isNews = (metric: string): boolean => !toldOf.has(metric) && toldOf.add(metric).size > 0;
  const found = (metric: string, verdict: Verdict | null): Finding[] => (verdict === null ? [] : [{ rule, metric, ...verdict }]);
  const silent = (): Finding[] => [];
  if (rule.kind === 'gpu_idle' || rule.kind === 'memory_growing') {
    const metric = rule.kind === 'gpu_idle' ? 'gpu' : 'memory';
    const judge = rule.kind === 'gpu_idle' ? gpuIdle(rule) : memoryGrowing(rule, memoryBytes);
    const valueOf = ({ gpuPercent, memoryBytes: bytes }: Usage): number | null => (metric === 'gpu' ? gpuPercent : bytes);
    return { hear: silent, sampled: usage => found(metric, valueOf(usage) === null ? null : judge({ at: usage.at, value: valueOf(usage)! })), isNews };
  }
  if (rule.kind === 'overfitting') {
    const judge = overfitting(rule);
    const [training, validation] = [globPattern(rule.training), globPattern(rule.validation)];
    const whichOf = (name: string) => (validation.test(name) ? 'validation' : training.test(name) ? 'training' : null);
    return { hear: ({ name, step, value }) => found(rule.validation, whichOf(name) && judge.hear(whichOf(name)!, { at: step, value })), sampled: silent, isNews };
  }
  const pattern = globPattern(rule.metric);
  const judges = new Map<string, Judge>();
  return {
    hear({ name, step, value }) {
      if (!pattern.test(name) || (!judges.has(name) && judges.size >= MOST_METRICS)) {
        return [];
      }
      const judge = judges.get(name) ?? judgeOf(rule);
      judges.set(name, judge);
      return found(name, judge({ at: step, value }));
    },
    sampled: silent,
    isNews
  };
}

function judgeOf(rule: Extract<TrainingRule, { metric: string }>): Judge {
  switch (rule.kind) {
    case 'not_finite':
      return notFinite();
    case 'not_decreasing':
      return notDecreasing(rule);
    case 'vanishing':
      return vanishing(rule);
    case 'exploding':
      return exploding(rule);
  }
}
