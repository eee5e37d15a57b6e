import type { ELK, ElkNode } from 'elkjs/lib/elk-api';

export interface LayoutNode {
  id: string;
  width: number;
  height: number;
}
export interface LayoutEdge {
  from: string;
  to: string;
}
export interface Point {
  x: number;
  y: number;
}
export interface Layout {
  /** The upper left corner of each node. */
  positions: Record<string, Point>;
  /** The way of each edge around the nodes, by `edgeId`, corner by corner. */
  routes: Record<string, Point[]>;
  height: number;
}

export function edgeId({ from, to }: LayoutEdge): string {
  return `${from}→${to}`;
}

let elk: Promise<ELK> | null = null;

/** Places the nodes of a DAG in layers, from top to bottom or from left to right; no edge passes beneath a node. */
export async function layOut(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], direction: 'DOWN' | 'RIGHT'): Promise<Layout> {
  // Loaded when the first graph is drawn: it is as large as all the rest.
  elk ??= import('elkjs/lib/elk.bundled.js').then(({ default: Elk }) => new Elk());
  const engine = await elk;
  const laid: ElkNode = await engine.layout({
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
      'elk.spacing.nodeNode': '28',
      'elk.spacing.edgeNode': '18',
      'elk.layered.mergeEdges': 'true',
      'elk.layered.spacing.nodeNodeBetweenLayers': '40',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES'
    },
    children: nodes.map(({ id, width, height }) => ({ id, width, height })),
    edges: edges.map(edge => ({ id: edgeId(edge), sources: [edge.from], targets: [edge.to] }))
  });
  const routes = (laid.edges ?? []).map(({ id, sections }): [string, Point[]] => [id, (sections ?? []).flatMap(section => [section.startPoint, ...(section.bendPoints ?? []), section.endPoint])]);
  return {
    positions: Object.fromEntries((laid.children ?? []).map(child => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }])),
    routes: Object.fromEntries(routes),
    height: laid.height ?? 0
  };
}
