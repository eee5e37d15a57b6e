import type { Graph } from './graph';

/** What the user should know of the notebook, in words; cells by their position, markdown counted. */
export function warningsOf(graph: Graph): string[] {
  const { cells, units } = graph;
  const nameOf = (unit: number): string => `cell ${cells[unit]!.ordinal}`;
  const own = units.flatMap(unit => {
    const lines = unit.isEmpty ? ['is empty'] : unit.errorLine !== null ? [`has a syntax error in line ${unit.errorLine}`] : [];
    return [...lines, ...new Set(unit.warnings)].map(text => ({ unit: unit.index, text: `${nameOf(unit.index)} ${text}` }));
  });
  return [...own, ...duplicates(graph), ...hiddenState(graph, nameOf)].sort((a, b) => a.unit - b.unit).map(w => w.text);
}

function duplicates({ cells }: Graph): { unit: number; text: string }[] {
  return cells.flatMap((c, i) => (cells.findIndex(other => other.id === c.id) < i ? [{ unit: i, text: `cell ${c.ordinal} has the id ${c.id} of another cell: save the notebook in JupyterLab to mend it` }] : []));
}

/** Names that nothing above binds: another order of running, or something outside, gave them their value. */
function hiddenState({ world, units }: Graph, nameOf: (unit: number) => string): { unit: number; text: string }[] {
  const importsAll = units.filter(u => u.warnings.some(w => /^imports \*|%run|%pylab|`exec\(\)`/.test(w))).map(u => u.index);
  return world.unresolved.flatMap(({ unit, name, deletedBy }) => {
    const later = world.binders.get(name)?.find(u => u > unit);
    if (deletedBy !== null) {
      return [{ unit, text: `${nameOf(unit)} uses \`${name}\`, which ${nameOf(deletedBy)} deletes` }];
    }
    if (later !== undefined) {
      return [{ unit, text: `${nameOf(unit)} uses \`${name}\`, which only ${nameOf(later)} binds` }];
    }
    if (world.binders.get(name)?.includes(unit)) {
      return [{ unit, text: `${nameOf(unit)} uses \`${name}\` before it binds it` }];
    }
    return importsAll.some(u => u <= unit) ? [] : [{ unit, text: `${nameOf(unit)} uses \`${name}\`, which no cell binds` }];
  });
}
