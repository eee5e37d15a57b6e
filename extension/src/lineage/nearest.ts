import type { LineageGraph } from '@slipway/schema';

/** The part of a graph that lies next to `uri`, at most so many nodes: more cannot be read, and takes long to lay out. */
export function nearest(graph: LineageGraph, uri: string, most: number): LineageGraph & { hiddenCount: number } {
  const beside = new Map<string, string[]>();
  for (const { from, to } of graph.edges) {
    beside.set(from, [...(beside.get(from) ?? []), to]);
    beside.set(to, [...(beside.get(to) ?? []), from]);
  }
  const reached = new Set([uri]);
  for (const each of reached) {
    for (const next of beside.get(each) ?? []) {
      if (reached.size < most) {
        reached.add(next);
      }
    }
  }
  const nodes = graph.nodes.filter(node => reached.has(node.uri));
  const edges = graph.edges.filter(edge => reached.has(edge.from) && reached.has(edge.to));
  return { ...graph, nodes, edges, hiddenCount: graph.nodes.length - nodes.length };
}
