import type { Constant, SavedModel, Scalar } from '@slipway/schema';
import { buildGraph } from './graph';
import { findConstants } from './constants';
import { isFloat, toPython } from './literals';
import { savedModels } from './models';

interface Cell {
  id: string;
  source: string;
}

/** Names the cells, run one after the other, bind; and those they use but do not bind before. */
export interface CellNames {
  binds: Set<string>;
  needs: Set<string>;
}

/** What cells that run together bind and need, whatever is said of them elsewhere. */
export function namesOf(cells: readonly Cell[]): CellNames {
  const { units } = buildGraph(ordered(cells));
  const binds = new Set<string>();
  const needs = new Set<string>();
  for (const unit of units) {
    [...unit.uses.keys()].filter(name => !binds.has(name)).forEach(name => needs.add(name));
    unit.defines.forEach(name => binds.add(name));
  }
  return { binds, needs };
}

/** The scalar constants of cells, in order; a float is one even where it is whole. */
export function constantsOf(cells: readonly Cell[]): (Constant & { isFloat: boolean })[] {
  const { parsed } = buildGraph(ordered(cells));
  return findConstants(cells.map((c, i) => ({ id: c.id, tree: parsed[i]!.tree }))).map(constant => ({
    ...constant,
    isFloat: isFloat(cells.find(c => c.id === constant.cellId)!.source.slice(constant.from, constant.to))
  }));
}

/** The models that cells save, all of which are needed. */
export function modelsOf(cells: readonly Cell[]): SavedModel[] {
  const graph = buildGraph(ordered(cells));
  return savedModels(graph, cells.map((_, index) => index));
}

/** Python's spelling of a scalar. */
export function pythonLiteral(value: Scalar, asFloat = false): string {
  return toPython(value, asFloat);
}

function ordered(cells: readonly Cell[]): { id: string; ordinal: number; source: string }[] {
  return cells.map((cell, index) => ({ ...cell, ordinal: index + 1 }));
}
