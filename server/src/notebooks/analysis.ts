import type { Analysis, Notebook } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import { buildGraph, closure, type Graph } from './graph';
import { foreignLanguage, foreignNote, pythonCells } from './language';
import { findSinks } from './sinks';
import { defaultGroups, describeSteps } from './steps';
import { warningsOf } from './warnings';

/**
 * What a notebook's cells define, use and change, and what its results rest
 * on. Of a notebook in another language only that is said.
 * @throws InvalidInput `unknown_cell`
 */
export function analyze(notebook: Notebook, options: { sinks?: readonly string[] } = {}): Analysis {
  const graph = buildGraph(pythonCells(notebook));
  const sinks = findSinks(graph.units);
  const chosen = options.sinks && options.sinks.length > 0 ? options.sinks.map(id => unitOf(graph, id)) : sinks;
  const analysis = analysisOf(graph, sinks, chosen);
  const language = foreignLanguage(notebook);
  return language === null ? analysis : { ...analysis, warnings: [foreignNote(language)] };
}

/** The analysis with the needed cells of the chosen sinks. */
export function analysisOf(graph: Graph, sinks: readonly number[], chosen: readonly number[]): Analysis {
  const { cells, units } = graph;
  const needed = closure(units, chosen);
  const id = (unit: number): string => cells[unit]!.id;
  return {
    cells: units.map(u => ({ id: u.id, defines: sorted(u.defines), uses: sorted(u.uses.keys()), mutates: sorted(u.mutates) })),
    dependencies: Object.fromEntries(units.map(u => [u.id, [...u.dependsOn].sort((a, b) => a - b).map(id)])),
    sinks: sinks.map(id),
    needed: needed.map(id),
    steps: describeSteps(defaultGroups(graph, needed)),
    warnings: warningsOf(graph)
  };
}

/** @throws InvalidInput `unknown_cell` */
export function unitOf(graph: Graph, id: string): number {
  const unit = graph.cells.findIndex(c => c.id === id);
  if (unit < 0) {
    throw new InvalidInput('unknown_cell', `There is no code cell ${id} in the notebook.`);
  }
  return unit;
}

function sorted(names: Iterable<string>): string[] {
  return [...names].sort();
}
