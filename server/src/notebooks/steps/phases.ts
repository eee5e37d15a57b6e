import type { Unit } from '../interpret/unit';

/** The kinds of work that are separate steps by default, in the order they usually come. */
export const PHASES = ['load', 'prepare', 'train', 'evaluate', 'save'] as const;
export type Phase = (typeof PHASES)[number];

/** What a cell is mainly for: the most telling of what it does. */
export function phaseOf(unit: Unit): Phase {
  const { features } = unit;
  if (features.has('train') || features.has('build')) {
    return 'train';
  }
  if (unit.metrics.length > 0 || features.has('predict')) {
    return 'evaluate';
  }
  if (unit.saves.length > 0 && !features.has('load')) {
    return 'save';
  }
  return features.has('load') && !features.has('fitTransformer') ? 'load' : 'prepare';
}

/** The phase of cells that stay together. */
export function phaseOfGroup(units: readonly Unit[]): Phase {
  const phases = units.map(phaseOf);
  const byWeight: Phase[] = ['train', 'evaluate', 'save', 'prepare', 'load'];
  return byWeight.find(p => phases.includes(p)) ?? 'prepare';
}
