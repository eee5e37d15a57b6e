import type { HumanStep, PipelineOptions, StepGrouping } from '@slipway/schema';
import { NO_OPTIONS } from './options-edits';

/** What a version is, as far as it is edited. */
export interface VersionShape {
  grouping: StepGrouping;
  params: readonly string[];
  options: PipelineOptions;
}

export type VersionChange =
  | { kind: 'step_added' | 'step_removed' | 'person_added' | 'person_removed' | 'param_added' | 'param_removed'; name: string }
  | { kind: 'step_renamed'; name: string; before: string }
  | { kind: 'cell_moved'; cellId: string; before: string; after: string }
  /** Of a step, a person's step, or the whole pipeline where `name` is null; null where nothing is said. */
  | { kind: 'option_changed'; name: string | null; option: string; before: string | null; after: string | null };

/** What saving would change: steps, then their options, then those of the whole pipeline. */
export function changesOf(before: VersionShape, after: VersionShape): VersionChange[] {
  const renamed = renamedSteps(before.grouping, after.grouping);
  return [
    ...stepChanges(before.grouping, after.grouping, renamed),
    ...listChanges(before.params, after.params, 'param_added', 'param_removed'),
    ...after.grouping.flatMap(({ name }) => optionChanges(name, before.options.steps[renamed.get(name) ?? name], after.options.steps[name])),
    ...peopleChanges(before.options.humanSteps, after.options.humanSteps, renamed),
    ...wholeChanges(before.options, after.options)
  ];
}

/** New names of steps with the very same cells, with the old ones. */
function renamedSteps(before: StepGrouping, after: StepGrouping): Map<string, string> {
  const names = new Set(before.map(step => step.name));
  const still = new Set(after.map(step => step.name));
  return new Map(
    after.flatMap(({ name, cells }): [string, string][] => {
      const was = names.has(name) ? undefined : before.find(step => !still.has(step.name) && step.cells.join('\n') === cells.join('\n'));
      return was ? [[name, was.name]] : [];
    })
  );
}

function stepChanges(before: StepGrouping, after: StepGrouping, renamed: ReadonlyMap<string, string>): VersionChange[] {
  const old = new Set(before.map(step => step.name));
  const gone = new Set([...old].filter(name => !after.some(step => step.name === name) && ![...renamed.values()].includes(name)));
  const was = new Map(before.flatMap(step => step.cells.map((id): [string, string] => [id, step.name])));
  const isShared = (id: string): boolean => before.filter(step => step.cells.includes(id)).length > 1;
  return [
    ...[...renamed].map(([name, from]): VersionChange => ({ kind: 'step_renamed', name, before: from })),
    ...[...gone].map((name): VersionChange => ({ kind: 'step_removed', name })),
    ...after.filter(step => !old.has(step.name) && !renamed.has(step.name)).map((step): VersionChange => ({ kind: 'step_added', name: step.name })),
    ...after.flatMap(step =>
      step.cells.flatMap((cellId): VersionChange[] => {
        const from = was.get(cellId);
        const isSame = from === undefined || from === step.name || from === renamed.get(step.name) || isShared(cellId);
        return isSame ? [] : [{ kind: 'cell_moved', cellId, before: from, after: step.name }];
      })
    )
  ];
}

function optionChanges(name: string | null, before: object = {}, after: object = {}): VersionChange[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const words = (value: unknown): string | null => (value === undefined ? null : wordsOf(value));
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap(option => {
    const [from, to] = [words(old[option]), words(now[option])];
    return from === to ? [] : [{ kind: 'option_changed' as const, name, option, before: from, after: to }];
  });
}

function peopleChanges(before: readonly HumanStep[], after: readonly HumanStep[], renamed: ReadonlyMap<string, string>): VersionChange[] {
  const now = new Map([...renamed].map(([to, from]) => [from, to]));
  const named = (names: readonly string[]): string[] => names.map(name => now.get(name) ?? name); // whom a rename carried along
  return [
    ...listChanges(before.map(h => h.name), after.map(h => h.name), 'person_added', 'person_removed'),
    ...after.flatMap(({ name, ...human }) => {
      const { name: _name, ...was } = before.find(each => each.name === name) ?? { ...human, name };
      return optionChanges(name, { ...was, after: named(was.after), before: named(was.before) }, human);
    })
  ];
}

function wholeChanges(before: PipelineOptions, after: PipelineOptions): VersionChange[] {
  const whole = ({ steps: _steps, humanSteps: _people, ...rest }: PipelineOptions): object => ({ ...rest, notifications: rest.notifications.length === 0 ? undefined : rest.notifications });
  return optionChanges(null, whole({ ...NO_OPTIONS, ...before }), whole({ ...NO_OPTIONS, ...after }));
}

function listChanges<K extends VersionChange['kind']>(before: readonly string[], after: readonly string[], added: K, removed: K): VersionChange[] {
  return [
    ...after.filter(name => !before.includes(name)).map(name => ({ kind: added, name }) as VersionChange),
    ...before.filter(name => !after.includes(name)).map(name => ({ kind: removed, name }) as VersionChange)
  ];
}

/** Whether only options differ: such a version needs no check, its cells run as they did. */
export function isOnlyOptions(changes: readonly VersionChange[]): boolean {
  return changes.every(({ kind }) => kind === 'option_changed' || kind === 'person_added' || kind === 'person_removed');
}


/** `over shops, as shop, maxParallel 16`: what an option is, as a person reads it. */
function wordsOf(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(wordsOf).join(', ');
  }
  return typeof value === 'object' && value !== null ? Object.entries(value).map(([key, of]) => `${key} ${wordsOf(of)}`).join(', ') : String(value);
}
