import type { Graph } from './graph';

/** Says why a cell is no part of the pipeline. */
export function reasonsOf(graph: Graph, needed: ReadonlySet<number>, abandoned: ReadonlySet<number>): (unit: number) => string {
  return index => {
    const unit = graph.units[index]!;
    const { features } = unit;
    if (unit.isEmpty) {
      return 'empty';
    }
    if (unit.errorLine !== null) {
      return `it does not parse (line ${unit.errorLine})`;
    }
    if (abandoned.has(index)) {
      return 'abandoned attempt: its model is not saved';
    }
    if (/^\s*[%!]?\s*(pip|conda|!pip|uv)\b/.test(unit.source.replace(/^[%!]/, '')) && unit.defines.size === 0) {
      return 'installs packages: a pipeline uses the kernel’s environment';
    }
    if (unit.defines.size === 0 && unit.mutates.size === 0) {
      return features.has('plot') ? 'exploration: it only plots' : 'exploration: it only shows something';
    }
    const users = graph.units.filter(u => u.dependsOn.has(index));
    if (users.length > 0 && users.every(u => !needed.has(u.index))) {
      return 'exploration: only cells that fall away use what it makes';
    }
    if (users.length > 0) {
      return 'exploration: no result rests on what it makes';
    }
    return features.has('plot') ? 'exploration: it only plots' : 'exploration: nothing uses what it makes';
  };
}
