import { Background, Controls, MarkerType, ReactFlow, ReactFlowProvider, useReactFlow, useStore, type Edge, type EdgeTypes, type FitViewOptions, type Node, type NodeChange, type NodeTypes } from '@xyflow/react';
import * as React from 'react';
import { GraphCard, cardHeight, cardWidth, type CardData } from './graph-card';
import { edgeId, layOut, type Layout } from './layout';
import { RoutedEdge } from './routed-edge';

export interface GraphNode extends CardData {
  id: string;
}
export interface GraphEdge {
  from: string;
  to: string;
  /** Drawn as dashes. */
  isFaint?: boolean;
}
export interface GraphProps {
  label: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  direction?: 'DOWN' | 'RIGHT';
  /** In pixels; a smaller graph takes no more room than it needs. */
  maxHeight?: number;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: ReadonlySet<string>) => void;
}

const NODE_TYPES: NodeTypes = { card: GraphCard };
const EDGE_TYPES: EdgeTypes = { routed: RoutedEdge };
/** The controls stand at the bottom: no card is put beneath them. */
const FIT: FitViewOptions = { maxZoom: 1, padding: { top: '16px', bottom: '52px', left: '16px', right: '16px' } };
const PADDING_Y = 70;
const MIN_HEIGHT = 140;
const MAX_HEIGHT = 560;
type CardNode = Node<CardData & Record<string, unknown>, 'card'>;

/** A DAG of cards. Keys: Tab reaches cards, Enter selects, Shift adds, Escape lets go of all. */
export function Graph(props: GraphProps): React.JSX.Element {
  const layout = useLayout(props.nodes, props.edges, props.direction ?? 'DOWN');
  const height = Math.max(MIN_HEIGHT, Math.min(layout.height + PADDING_Y, props.maxHeight ?? MAX_HEIGHT));
  const letGo = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape' && props.onSelect) {
      event.stopPropagation(); // the library would take the focus away too
      props.onSelect(new Set());
    }
  };
  return (
    <div className="jp-SlipwayGraph" role="group" aria-label={props.label} style={{ height }} onKeyDownCapture={letGo}>
      <ReactFlowProvider>
        {layout.height > 0 && <Flow {...props} layout={layout} />}
      </ReactFlowProvider>
    </div>
  );
}

function Flow({ nodes, edges, direction = 'DOWN', selected, onSelect, layout }: GraphProps & { layout: Layout }): React.JSX.Element {
  const { positions, routes } = layout;
  const id = React.useId(); // arrowheads are found by it: two graphs must not share one
  const flowNodes = nodes.filter(node => positions[node.id]).map<CardNode>(node => ({
    id: node.id,
    type: 'card',
    position: positions[node.id]!,
    data: { ...node, direction } as never,
    selected: selected?.has(node.id) ?? false,
    width: cardWidth(node),
    height: cardHeight(node),
    ariaLabel: [node.title, ...node.lines.map(line => line.text)].join(', ')
  }));
  const flowEdges = edges.filter(edge => routes[edgeId(edge)]).map<Edge>(edge => ({
    id: edgeId(edge),
    type: 'routed',
    source: edge.from,
    target: edge.to,
    ...(edge.isFaint && { className: 'jp-mod-faint' }),
    data: { points: routes[edgeId(edge)] },
    markerEnd: { type: MarkerType.ArrowClosed, width: 18, height: 18 },
    selectable: false,
    focusable: false
  }));
  const onNodesChange = (changes: NodeChange<CardNode>[]): void => {
    const next = new Set(selected);
    let isChanged = false;
    for (const change of changes) {
      if (change.type === 'select' && change.selected !== next.has(change.id)) {
        isChanged = true;
        change.selected ? next.add(change.id) : next.delete(change.id);
      }
    }
    if (isChanged) {
      onSelect?.(next);
    }
  };
  return (
    <ReactFlow id={id} nodes={flowNodes} edges={flowEdges} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES} onNodesChange={onNodesChange} nodesDraggable={false} nodesConnectable={false} elementsSelectable={onSelect !== undefined} deleteKeyCode={null} selectionKeyCode={null} multiSelectionKeyCode={['Shift', 'Meta', 'Control']} minZoom={0.2} maxZoom={1.5} zoomOnScroll={false} panOnScroll={false} preventScrolling={false} fitView fitViewOptions={FIT}>
      <Background gap={20} />
      <Controls showInteractive={false} position="bottom-left" orientation="horizontal" fitViewOptions={FIT} />
      <FitOnChange layout={layout} />
    </ReactFlow>
  );
}

/** Where nodes and edges lie; the old places stay until the new ones are known. */
function useLayout(nodes: GraphNode[], edges: GraphEdge[], direction: 'DOWN' | 'RIGHT'): Layout {
  const [layout, setLayout] = React.useState<Layout>({ positions: {}, routes: {}, height: 0 });
  const shape = JSON.stringify([nodes.map(node => [node.id, cardWidth(node), cardHeight(node)]), edges.map(edge => [edge.from, edge.to]), direction]);
  React.useEffect(() => {
    let isCurrent = true;
    const sized = nodes.map(node => ({ id: node.id, width: cardWidth(node), height: cardHeight(node) }));
    void layOut(sized, edges, direction).then(laid => isCurrent && setLayout(laid));
    return () => {
      isCurrent = false;
    };
    // The shape says all that the layout depends on.
  }, [shape]);
  return layout;
}

/** Shows the whole graph again when it or the room it has changed. */
function FitOnChange({ layout }: { layout: Layout }): null {
  const flow = useReactFlow();
  const room = useStore(state => `${state.width}×${state.height}`);
  React.useEffect(() => {
    const timer = setTimeout(() => void flow.fitView(FIT), 30);
    return () => clearTimeout(timer);
  }, [layout, room, flow]);
  return null;
}
