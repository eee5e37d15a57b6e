import type { KeepReason, RetentionRule } from '@slipway/schema';
import type { Candidate } from './store';

const DAY_MS = 86_400_000;

/** Why each run that stays does so; those not in the map go. `registered` are those that a model version stands on. */
export function judge(rule: RetentionRule, runs: readonly Candidate[], registered: ReadonlySet<string>, nowMs: number): Map<string, KeepReason> {
  const says = rule.keepNewest !== null || rule.keepDays !== null || rule.keepBest !== null;
  const kept = new Map<string, KeepReason>();
  for (const run of runs) {
    const reason = says ? reasonOf(rule, run, registered, nowMs) : 'young'; // a rule that only purges deletes nothing
    if (reason) {
      kept.set(run.id, reason);
    }
  }
  keepFamilies(runs, kept);
  return kept;
}

function reasonOf(rule: RetentionRule, run: Candidate, registered: ReadonlySet<string>, nowMs: number): KeepReason | null {
  if (run.isRunning) return 'running';
  if (registered.has(run.id)) return 'registered';
  if (run.isPinned) return 'pinned';
  if (run.hasNote) return 'note';
  if (rule.keepNewest !== null && run.age <= rule.keepNewest) return 'newest';
  if (rule.keepDays !== null && run.endedMs >= nowMs - rule.keepDays * DAY_MS) return 'young';
  if (rule.keepBest !== null && run.rank !== null && run.rank <= rule.keepBest.count) return 'best';
  return null;
}

/** A run stays with what is within it, and an MLflow run with its trial: half of either tells nothing. */
function keepFamilies(runs: readonly Candidate[], kept: Map<string, KeepReason>): void {
  const relatives = new Map<string, string[]>(runs.map(run => [run.id, []]));
  const keeps = (id: string, other: string | null): unknown => other !== null && relatives.get(id)?.push(other);
  for (const run of runs) {
    keeps(run.id, run.parentId);
    keeps(run.id, run.trialId);
    keeps(run.trialId ?? '', run.id);
  }
  const waiting = [...kept.keys()];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const other of relatives.get(id) ?? []) {
      if (relatives.has(other) && !kept.has(other)) {
        kept.set(other, 'family');
        waiting.push(other);
      }
    }
  }
}
