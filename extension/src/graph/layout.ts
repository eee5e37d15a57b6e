import type { ELK } from 'elkjs/lib/elk-api';

export interface LayoutNode {
  id: string;
  width: number;
  height: number;
}
export interface LayoutEdge {
  from: string;
  to: string;
}
export type Positions = Record<string, { x: number; y: number }>;

let elk: Promise<ELK> | null = null;

/** Places the nodes of a DAG in layers, from top to bottom or from left to right. */
export async function layOut(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], direction: 'DOWN' | 'RIGHT'): Promise<Positions> {
  // Loaded when the first graph is drawn: it is as large as all the rest.
  elk ??= import('elkjs/lib/elk.bundled.js').then(({ default: Elk }) => new Elk());
  const engine = await elk;
  const laid = await engine.layout({
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.spacing.nodeNode': '32',
      'elk.layered.spacing.nodeNodeBetweenLayers': '44',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES'
    },
    children: nodes.map(({ id, width, height }) => ({ id, width, height })),
    edges: edges.map(({ from, to }, index) => ({ id: `e${index}`, sources: [from], targets: [to] }))
  });
  return Object.fromEntries((laid.children ?? []).map(child => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }]));
}
