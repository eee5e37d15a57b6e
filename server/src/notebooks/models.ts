import type { SavedModel } from '@slipway/schema';
import { isTransformer } from './knowledge/estimators';
import type { Graph } from './graph';

/** The estimators that needed cells save, each with the rows it was applied to. */
export function savedModels(graph: Graph, needed: readonly number[]): SavedModel[] {
  const found: SavedModel[] = [];
  for (const u of needed) {
    for (const { kind, variables, path, types } of graph.units[u]!.saves) {
      const scored = variables.find(v => dataOf(graph, needed, u, v) !== null);
      const variable = scored ?? variables[0];
      const isOnlyTransformer = types.length > 0 && types.every(isTransformer);
      if (kind === 'model' && variable && !isOnlyTransformer && !found.some(f => f.cellId === graph.cells[u]!.id && f.variable === variable)) {
        found.push({ cellId: graph.cells[u]!.id, variable, path, dataName: dataOf(graph, needed, u, variable) });
      }
    }
  }
  return found;
}

/**
 * The name whose rows a model was applied to, latest first, predictions before
 * training; one that still has that value where the model is saved.
 */
function dataOf(graph: Graph, needed: readonly number[], saver: number, model: string): string | null {
  const candidates = needed.flatMap(u => graph.units[u]!.scorings.filter(s => s.model === model).map(s => ({ ...s, unit: u })));
  const ordered = [...candidates.filter(c => c.how === 'predict').reverse(), ...candidates.filter(c => c.how === 'fit').reverse()];
  const isSame = (name: string, unit: number): boolean => {
    const from = lastChange(graph, name, unit);
    return from !== null && from === lastChange(graph, name, saver);
  };
  return ordered.find(c => c.data !== null && isSame(c.data, c.unit))?.data ?? null;
}

function lastChange(graph: Graph, name: string, before: number): number | null {
  return graph.units.findLast(u => u.index <= before && (u.defines.has(name) || u.mutates.has(name)))?.index ?? null;
}
