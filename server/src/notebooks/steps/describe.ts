import type { AnalyzedStep } from '@slipway/schema';
import type { Partition } from './partition';
import { stepNames } from './names';

/** Groups as steps: upstream first, in document order where nothing decides. */
export function describeSteps(partition: Partition, names: readonly string[] = stepNames(partition)): AnalyzedStep[] {
  const { graph, groups } = partition;
  const outputs = groups.map(() => new Set<string>());
  groups.forEach((_, g) => partition.inputsOf(g).forEach(i => outputs[partition.groupIndexOf(i.from)!]!.add(i.name)));
  const steps = groups.map((_, g) => ({
    name: names[g]!,
    cells: partition.cellsOf(g).map(u => graph.cells[u]!.id),
    inputs: partition.inputsOf(g).map(i => i.name),
    outputs: [...outputs[g]!].sort(),
    after: [...partition.after(g)].sort((a, b) => a - b).map(p => names[p]!)
  }));
  return inOrder(partition).map(g => steps[g]!);
}

function inOrder(partition: Partition): number[] {
  const order: number[] = [];
  const left = new Set(partition.groups.keys());
  while (left.size > 0) {
    const next = [...left].find(g => [...partition.after(g)].every(p => !left.has(p)))!;
    order.push(next);
    left.delete(next);
  }
  return order;
}
