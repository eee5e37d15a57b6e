import type { Graph } from '../graph';
import type { Partition } from './partition';
import { phaseOfGroup, type Phase } from './phases';
import { replicatedUnits } from './replicated';
import { smallestGroups } from './together';

/** From so many needed cells on there are at least so many steps. */
const CELLS_FOR_STEPS = 6;
const FEWEST_STEPS = 3;

/**
 * Slipway's own proposal: loading, preparing, training, evaluating and saving
 * are separate; what follows from one another within a phase is one step;
 * branches that do not need each other stay apart and run at once.
 */
export function defaultGroups(graph: Graph, needed: readonly number[]): Partition {
  const replicated = replicatedUnits(graph, needed);
  const smallest = smallestGroups(graph, needed, replicated);
  let partition = joinPhases(smallest);
  if (needed.length >= CELLS_FOR_STEPS && partition.groups.length < FEWEST_STEPS) {
    partition = splitFurther(partition, smallest);
  }
  return partition.groups.length >= FEWEST_STEPS || needed.length < CELLS_FOR_STEPS ? partition : withDefinitionSteps(graph, needed, replicated, partition);
}

function joinPhases(start: Partition): Partition {
  let partition = start;
  for (let isChanging = true; isChanging; ) {
    isChanging = false;
    for (let b = 0; b < partition.groups.length; b++) {
      for (const a of candidates(partition, b)) {
        const merged = partition.merge(a, b);
        if (merged.isValid()) {
          partition = merged;
          isChanging = true;
          b = Math.min(a, b) - 1;
          break;
        }
      }
    }
  }
  return partition;
}

/** Groups of a group's phase that it may be joined with: what it follows from, and what stands beside it. */
function candidates(partition: Partition, b: number): number[] {
  const phase = phaseOfGroup(partition.unitsOf(b));
  const parents = partition.after(b);
  return [...partition.groups.keys()].filter(a => a !== b && (parents.has(a) || (a < b && partition.after(a).size === parents.size)) && phaseOfGroup(partition.unitsOf(a)) === phase && (parents.has(a) ? phase !== 'train' || handsOnValue(partition, a, b) : areSiblings(partition, phase, a, b)));
}

/** Trainings that only share an import, which stands in the cell of the first, are trainings of their own. */
function handsOnValue(partition: Partition, from: number, to: number): boolean {
  const entries = partition.inputsOf(to).filter(i => partition.groupIndexOf(i.from) === from);
  return entries.length === 0 || entries.some(i => !partition.unit(i.from).imports.has(i.name));
}

/** Groups of one phase with the same parents that are looked at together. */
function areSiblings(partition: Partition, phase: Phase, a: number, b: number): boolean {
  const [first, second] = [partition.after(a), partition.after(b)];
  if (phase === 'train' || phase === 'load' || first.size === 0 || ![...first].every(p => second.has(p))) {
    return false;
  }
  return phase !== 'prepare' || [...partition.groups.keys()].some(g => partition.after(g).has(a) && partition.after(g).has(b));
}

/** Cuts the largest groups where the fewest names cross, as long as that stays exact. */
function splitFurther(partition: Partition, smallest: Partition): Partition {
  const blocks = smallest.groups.map(group => ({ group, home: partition.groupIndexOf(group[0]!)! }));
  let best: Partition | null = null;
  for (const [g] of partition.groups.entries()) {
    const own = blocks.filter(b => b.home === g).map(b => b.group);
    for (let cut = 1; cut < own.length; cut++) {
      const halves = [own.slice(0, cut).flat(), own.slice(cut).flat()].map(units => units.sort((a, b) => a - b));
      const split = partition.with([...partition.groups.filter((_, i) => i !== g), ...halves]);
      if (split.isValid() && (!best || crossing(split) < crossing(best))) {
        best = split;
      }
    }
  }
  return best ? (best.groups.length < FEWEST_STEPS ? splitFurther(best, smallest) : best) : partition;
}

function crossing(partition: Partition): number {
  const largest = Math.max(...partition.groups.map(g => g.length));
  return partition.groups.reduce((sum, _, g) => sum + partition.inputsOf(g).length, 0) + largest;
}

/** Where work alone gives too few steps, definitions become steps whose values are handed on; imports stay with their users. */
function withDefinitionSteps(graph: Graph, needed: readonly number[], replicated: ReadonlySet<number>, partition: Partition): Partition {
  let best = partition;
  let remaining = replicated;
  const candidates = [...replicated].filter(u => !/^\s*(import|from)\s/m.test(graph.units[u]!.source) && graph.units[u]!.defines.size > 0);
  for (const u of candidates.filter(c => remaining.has(c))) {
    const fewer = without(graph, remaining, u);
    const tried = joinPhases(smallestGroups(graph, needed, fewer));
    if (tried.isValid() && tried.groups.length > best.groups.length) {
      best = tried;
      remaining = fewer;
    }
    if (best.groups.length >= FEWEST_STEPS) {
      break;
    }
  }
  return best;
}

/** Takes one definition out, and those that rest on it: a replicated cell rests on replicated ones only. */
function without(graph: Graph, replicated: ReadonlySet<number>, unit: number): Set<number> {
  const left = new Set(replicated);
  left.delete(unit);
  for (const u of [...left].sort((a, b) => a - b)) {
    if ([...graph.units[u]!.dependsOn].some(d => replicated.has(d) && !left.has(d))) {
      left.delete(u);
    }
  }
  return left;
}
