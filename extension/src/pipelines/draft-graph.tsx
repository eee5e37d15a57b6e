import type { Draft } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import { Graph, type GraphNode } from '../graph/graph';
import type { CardData } from '../graph/graph-card';
import { optionWords, stepEdges, withPeople } from './pipeline-graph';
import type { ProductionizeModel } from './productionize-model';

const MOST_CELLS = 4;

/** The steps as a graph; while the check runs, coloured by how each goes. */
export function DraftGraph({ draft, model }: { draft: Draft; model: ProductionizeModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const { pipelineOptions: options } = model;
  const titles = new Map(draft.cells.map(cell => [cell.id, `${cell.ordinal}  ${cell.title}`]));
  const states = new Map((model.proof.run?.steps ?? []).map(step => [step.name, step.status]));
  const nodes = draft.steps.map<GraphNode>(step => ({
    id: step.name,
    title: step.name,
    ...(states.has(step.name) && { state: states.get(step.name)! }),
    lines: [...stepLines(step, titles), ...optionWords(trans, options.steps[step.name]).map(text => ({ text, kind: 'note' as const }))]
  }));
  const people = options.humanSteps.map<GraphNode>(({ name }) => ({ id: name, title: name, lines: [{ text: trans.__('a person decides'), kind: 'note' }] }));
  const known = new Set([...nodes, ...people].map(node => node.id));
  const edges = stepEdges(withPeople(draft.steps, options)).filter(edge => known.has(edge.from));
  return <Graph label={trans.__('Steps of the pipeline')} nodes={[...nodes, ...people]} edges={edges} selected={model.selected} onSelect={selected => model.set({ selected })} />;
}

function stepLines(step: Draft['steps'][number], titles: Map<string, string>): CardData['lines'] {
  const cells = step.cells.slice(0, MOST_CELLS).map(id => ({ text: titles.get(id) ?? id, kind: 'cell' as const }));
  const more = step.cells.length > MOST_CELLS ? [{ text: `… ${step.cells.length - MOST_CELLS} more`, kind: 'note' as const }] : [];
  const inputs = step.inputs.length > 0 ? [{ text: step.inputs.join(', '), kind: 'in' as const }] : [];
  const outputs = step.outputs.length > 0 ? [{ text: step.outputs.join(', '), kind: 'out' as const }] : [];
  return [...inputs, ...cells, ...more, ...outputs];
}
