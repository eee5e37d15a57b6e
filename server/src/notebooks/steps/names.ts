import type { Partition } from './partition';
import { phaseOfGroup, type Phase } from './phases';

const BASE: Record<Phase, string> = { load: 'load_data', prepare: 'prepare', train: 'train_model', evaluate: 'evaluate', save: 'save' };
const VERB: Record<Phase, string> = { load: 'load', prepare: 'prepare', train: 'train', evaluate: 'evaluate', save: 'save' };

/** A short telling name for each group: by its phase, and where there are several of one, by what it makes. */
export function stepNames(partition: Partition): string[] {
  const phases = partition.groups.map((_, g) => phaseOfGroup(partition.unitsOf(g)));
  const handedOn = handedOnBy(partition);
  const taken = new Set<string>();
  return partition.groups.map((_, g) => {
    const phase = phases[g]!;
    const isOnly = phases.filter(p => p === phase).length === 1;
    const subject = phase === 'save' && isOnly ? savedKind(partition, g) : subjectOf(partition, g, phase, handedOn[g]!);
    const wanted = phase === 'save' && isOnly ? `save_${subject ?? 'results'}` : isOnly || !subject ? BASE[phase] : `${VERB[phase]}_${subject}`;
    let name = wanted;
    for (let n = 2; taken.has(name); n++) {
      name = `${wanted}_${n}`;
    }
    taken.add(name);
    return name;
  });
}

function savedKind(partition: Partition, group: number): string | null {
  const saves = partition.unitsOf(group).flatMap(u => u.saves);
  return saves.some(s => s.kind === 'model') ? 'model' : saves.some(s => s.kind === 'table') ? 'table' : null;
}

/** The name that says most of a step: what it saves, the model it trains or scores, what others take from it. */
function subjectOf(partition: Partition, group: number, phase: Phase, handedOn: ReadonlySet<string>): string | null {
  const units = partition.unitsOf(group);
  const candidates =
    phase === 'save'
      ? units.flatMap(u => u.saves.flatMap(s => s.variables.slice(0, 1)))
      : phase === 'train' || phase === 'evaluate'
        ? [...units.flatMap(u => u.scorings.map(s => s.model)), ...handedOn]
        : [...handedOn, ...units.flatMap(u => [...u.defines])];
  const name = candidates.find(c => /^[A-Za-z]/.test(c));
  return name ? name.toLowerCase().slice(0, 40) : null;
}

/** For each group the names that others take from it. */
function handedOnBy(partition: Partition): Set<string>[] {
  const names = partition.groups.map(() => new Set<string>());
  for (const g of partition.groups.keys()) {
    partition.inputsOf(g).forEach(i => !partition.unit(i.from).imports.has(i.name) && names[partition.groupIndexOf(i.from)!]!.add(i.name));
  }
  return names;
}
