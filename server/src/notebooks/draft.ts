import type { Draft, Notebook, StepGrouping } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import { analysisOf, unitOf } from './analysis';
import { findConstants } from './constants';
import { buildGraph, closure } from './graph';
import { foreignLanguage, foreignNote } from './language';
import { savedModels } from './models';
import { codeCells } from './notebook';
import { chooseResults } from './results';
import { reasonsOf } from './reasons';
import { findSinks } from './sinks';
import { describeSteps, groupsOf } from './steps';

/**
 * What a notebook would become as a pipeline: its steps, what may be a
 * parameter, the models it saves, and why each other cell falls away. Without
 * sinks given, the metrics of attempts whose model is not saved fall away too.
 * @throws InvalidInput `notebook_not_python`, `unknown_cell`, `cell_ungrouped`, `step_name_taken`
 * @throws Conflict `step_cycle`, `step_conflict`
 */
export function draft(notebook: Notebook, options: { sinks?: readonly string[]; grouping?: StepGrouping } = {}): Draft {
  const language = foreignLanguage(notebook);
  if (language !== null) {
    throw new InvalidInput('notebook_not_python', `${foreignNote(language)}.`);
  }
  const graph = buildGraph(codeCells(notebook));
  const sinks = findSinks(graph.units);
  const isChosen = options.sinks !== undefined && options.sinks.length > 0;
  const { results, abandoned } = isChosen ? { results: options.sinks!.map(id => unitOf(graph, id)), abandoned: new Set<number>() } : chooseResults(graph.units, sinks);
  const needed = closure(graph.units, results);
  const analysis = analysisOf(graph, sinks, results);
  const given = options.grouping && groupsOf(graph, needed, options.grouping);
  const isNeeded = new Set(needed);
  const reasons = reasonsOf(graph, isNeeded, abandoned);
  return {
    analysis,
    steps: given ? describeSteps(given.partition, given.names) : analysis.steps,
    constants: findConstants(needed.map(u => ({ id: graph.cells[u]!.id, tree: graph.parsed[u]!.tree }))),
    models: savedModels(graph, needed),
    cells: graph.cells.map((cell, u) => ({ ...cell, title: titleOf(cell.source), isNeeded: isNeeded.has(u), reason: isNeeded.has(u) ? null : reasons(u) })),
    warnings: [...(results.length === 0 ? ['Nothing is saved and no metric is shown: choose the cells whose results matter'] : []), ...(given?.warnings ?? []), ...analysis.warnings]
  };
}

/** The first comment, else the first line that says something. */
function titleOf(source: string): string {
  const lines = source.split('\n').map(l => l.trim());
  const first = lines.find(l => l !== '') ?? '';
  const title = first.startsWith('#') ? first.replace(/^#+\s*/, '') : first;
  return title.length > 80 ? `${title.slice(0, 79)}…` : title;
}
