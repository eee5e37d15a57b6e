import type { Unit } from './interpret/unit';

/**
 * Units whose results leave the notebook: they save a model or table, or print
 * a metric. Where there is none, metrics that are only bound count; then
 * figures that are saved. What a notebook tells its tracker beside them goes
 * with them.
 */
export function findSinks(units: readonly Unit[]): number[] {
  const choices = [(u: Unit) => savesResult(u) || showsMetric(u), (u: Unit) => u.metrics.length > 0, (u: Unit) => u.saves.length > 0];
  for (const isSink of choices) {
    if (units.some(isSink)) {
      return units.filter(u => isSink(u) || u.tellsTracker).map(u => u.index);
    }
  }
  return [];
}

/** A saved figure is something to look at, no result. */
export function savesResult(unit: Unit): boolean {
  return unit.saves.some(s => s.kind !== 'figure');
}

export function savesModel(unit: Unit): boolean {
  return unit.saves.some(s => s.kind === 'model');
}

export function showsMetric(unit: Unit): boolean {
  return unit.metrics.some(m => m.how !== 'bound');
}
