import type { StepGrouping } from '@slipway/schema';

const LONGEST_NAME = 80;

/** Makes one step of several, at the place of the first; cells in the notebook's order. */
export function mergeSteps(grouping: StepGrouping, names: ReadonlySet<string>, cellOrder: readonly string[]): StepGrouping {
  const chosen = grouping.filter(step => names.has(step.name));
  if (chosen.length < 2) {
    return grouping;
  }
  const cells = chosen.flatMap(step => step.cells).sort((a, b) => cellOrder.indexOf(a) - cellOrder.indexOf(b));
  const name = freeName(chosen.map(step => step.name).join(' and '), grouping.filter(step => !names.has(step.name)));
  return grouping.flatMap(step => (step === chosen[0] ? [{ name, cells }] : names.has(step.name) ? [] : [step]));
}

/** Cuts a step in two before the given cell; the first cell of a step cuts nothing. */
export function splitStep(grouping: StepGrouping, cellId: string): StepGrouping {
  return grouping.flatMap(step => {
    const at = step.cells.indexOf(cellId);
    return at < 1 ? [step] : [{ ...step, cells: step.cells.slice(0, at) }, { name: freeName(step.name, grouping), cells: step.cells.slice(at) }];
  });
}

/** Puts a cell into another step, in the notebook's order; a step left without cells is gone. */
export function moveCell(grouping: StepGrouping, cellId: string, to: string, cellOrder: readonly string[]): StepGrouping {
  if (!grouping.some(step => step.name === to) || grouping.find(step => step.cells.includes(cellId))?.name === to) {
    return grouping;
  }
  const inOrder = (cells: readonly string[]): string[] => [...cells].sort((a, b) => cellOrder.indexOf(a) - cellOrder.indexOf(b));
  return grouping
    .map(step => ({ ...step, cells: step.name === to ? inOrder([...step.cells, cellId]) : step.cells.filter(id => id !== cellId) }))
    .filter(step => step.cells.length > 0);
}

/** Renames a step; a taken or empty name changes nothing. */
export function renameStep(grouping: StepGrouping, from: string, to: string): StepGrouping {
  const name = to.trim().slice(0, LONGEST_NAME);
  const isTaken = grouping.some(step => step.name === name);
  return name === '' || isTaken ? grouping : grouping.map(step => (step.name === from ? { ...step, name } : step));
}

function freeName(wanted: string, others: StepGrouping): string {
  const taken = new Set(others.map(step => step.name));
  const short = wanted.slice(0, LONGEST_NAME);
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : ` ${n}`;
    const name = short.slice(0, LONGEST_NAME - suffix.length) + suffix;
    if (!taken.has(name)) {
      return name;
    }
  }
}
