import { Background, Controls, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type Node, type NodeChange, type NodeTypes } from '@xyflow/react';
import * as React from 'react';
import { GraphCard, cardHeight, CARD_WIDTH, type CardData } from './graph-card';
import { layOut, type Positions } from './layout';

export interface GraphNode extends CardData {
  id: string;
}
export interface GraphEdge {
  from: string;
  to: string;
}
export interface GraphProps {
  label: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  direction?: 'DOWN' | 'RIGHT';
  selected?: ReadonlySet<string>;
  onSelect?: (ids: ReadonlySet<string>) => void;
}

const NODE_TYPES: NodeTypes = { card: GraphCard };
type CardNode = Node<CardData & Record<string, unknown>, 'card'>;

/** A DAG of cards. Keys: Tab reaches cards, Enter selects, Shift adds. */
export function Graph(props: GraphProps): React.JSX.Element {
  return (
    <div className="jp-SlipwayGraph" role="group" aria-label={props.label}>
      <ReactFlowProvider>
        <Flow {...props} />
      </ReactFlowProvider>
    </div>
  );
}

function Flow({ nodes, edges, direction = 'DOWN', selected, onSelect }: GraphProps): React.JSX.Element {
  const positions = usePositions(nodes, edges, direction);
  const flowNodes = nodes.filter(node => positions[node.id]).map<CardNode>(node => ({
    id: node.id,
    type: 'card',
    position: positions[node.id]!,
    data: { ...node, direction } as never,
    selected: selected?.has(node.id) ?? false,
    width: CARD_WIDTH,
    height: cardHeight(node),
    ariaLabel: [node.title, ...node.lines.map(line => line.text)].join(', ')
  }));
  const flowEdges = edges.map<Edge>(edge => ({ id: `${edge.from}→${edge.to}`, source: edge.from, target: edge.to, selectable: false, focusable: false }));
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
    <ReactFlow nodes={flowNodes} edges={flowEdges} nodeTypes={NODE_TYPES} onNodesChange={onNodesChange} nodesDraggable={false} nodesConnectable={false} elementsSelectable={onSelect !== undefined} deleteKeyCode={null} selectionKeyCode={null} multiSelectionKeyCode={['Shift', 'Meta', 'Control']} minZoom={0.2} maxZoom={1.5} zoomOnScroll={false} panOnScroll={false} preventScrolling={false} fitView fitViewOptions={{ maxZoom: 1, padding: 0.1 }}>
      <Background gap={20} />
      <Controls showInteractive={false} position="bottom-right" />
      <FitOnChange positions={positions} />
    </ReactFlow>
  );
}

/** Positions of the nodes; the old ones stay until the new ones are known. */
function usePositions(nodes: GraphNode[], edges: GraphEdge[], direction: 'DOWN' | 'RIGHT'): Positions {
  const [positions, setPositions] = React.useState<Positions>({});
  const shape = JSON.stringify([nodes.map(node => [node.id, cardHeight(node)]), edges.map(edge => [edge.from, edge.to]), direction]);
  React.useEffect(() => {
    let isCurrent = true;
    const sized = nodes.map(node => ({ id: node.id, width: CARD_WIDTH, height: cardHeight(node) }));
    void layOut(sized, edges, direction).then(laid => isCurrent && setPositions(laid));
    return () => {
      isCurrent = false;
    };
    // The shape says all that the layout depends on.
  }, [shape]);
  return positions;
}

function FitOnChange({ positions }: { positions: Positions }): null {
  const flow = useReactFlow();
  React.useEffect(() => {
    const timer = setTimeout(() => void flow.fitView({ maxZoom: 1, padding: 0.1 }), 30);
    return () => clearTimeout(timer);
  }, [positions, flow]);
  return null;
}
