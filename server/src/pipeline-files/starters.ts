import type { PipelineFile, Schedule, ScheduleSpec, StarterChange, TriggerSpec } from '@slipway/schema';
import { createFireTimes } from '../core/timing';
import { canonicalJson, checkParams, checkTriggerParams, DEFAULT_SCHEDULE, defaultSchedule, type PipelineContent } from '../pipelines';
import { placed, type Place, type Problems } from './problems';
import type { Locate } from './read-yaml';

/** What starts a pipeline by itself, as a file says it; what is absent stays as the pipeline has it. */
export interface Starters {
  /** The one named `default` alone: the form of a file without `schedules`. */
  schedule?: Schedule | null | undefined;
  schedules?: ScheduleSpec[] | undefined;
  triggers?: TriggerSpec[] | undefined;
}

/** What starts a pipeline by itself, as the daemon has it. */
export interface KnownStarters {
  schedules: readonly ScheduleSpec[];
  triggers: readonly TriggerSpec[];
}

export function startersOf({ schedule, schedules, triggers }: PipelineFile): Starters {
  return {
    schedule,
    ...(schedules !== undefined && { schedules: Object.entries(schedules ?? {}).map(([name, spec]) => ({ name, ...spec })) }),
    ...(triggers !== undefined && { triggers: Object.entries(triggers ?? {}).map(([name, spec]) => ({ name, ...spec })) })
  };
}

/** Refuses timings that never come, and params that the pipeline does not have; each where it stands. */
export function checkStarters(file: PipelineFile, content: PipelineContent, locate: Locate, problems: Problems): void {
  const { schedule, schedules = [], triggers = [] } = startersOf(file);
  if (schedule !== undefined && file.schedules !== undefined) {
    problems.add(locate(['schedule'], 'key'), '`schedule` is the schedule named `default`: write it beneath `schedules`, where the others are.');
  }
  if (schedule) {
    placed(within(locate, ['schedule']), problems, () => createFireTimes(schedule, new Date()));
  }
  for (const spec of schedules) {
    placed(within(locate, ['schedules', spec.name]), problems, () => createFireTimes(spec, new Date()));
    placed(within(locate, ['schedules', spec.name], 'params'), problems, () => checkParams(content, spec));
  }
  for (const spec of triggers) {
    placed(within(locate, ['triggers', spec.name], 'params'), problems, () => checkTriggerParams(content, spec));
  }
}

/** Where the path of a fault (`when.any.0.all.1.pipeline`) is beneath `keys` of a file; `otherwise` where the fault names none. */
export function within(locate: Locate, keys: readonly string[], otherwise?: string): (path: string | undefined) => Place {
  return (path = otherwise) => locate([...keys, ...(path?.split('.').map(key => (/^\d+$/.test(key) ? Number(key) : key)) ?? [])]);
}

/** What a pipeline would have that has nothing but what its file says. */
export function wholeStarters({ schedule, schedules, triggers }: Starters): { schedules: ScheduleSpec[]; triggers: TriggerSpec[] } {
  return { schedules: schedules ?? (schedule ? [defaultSchedule(undefined, schedule)] : []), triggers: triggers ?? [] };
}

/** What applying a file adds, changes and takes away, by name. */
export function starterChanges({ schedule, schedules, triggers }: Starters, known: KnownStarters): StarterChange[] {
  const former = known.schedules.find(s => s.name === DEFAULT_SCHEDULE);
  const wanted = schedules ?? (schedule === undefined ? undefined : [...known.schedules.filter(s => s !== former), ...(schedule === null ? [] : [defaultSchedule(former, schedule)])]);
  return [...(wanted ? changesOf('schedule', wanted, known.schedules) : []), ...(triggers ? changesOf('trigger', triggers, known.triggers) : [])];
}

function changesOf<S extends { name: string }>(kind: StarterChange['kind'], wanted: readonly S[], known: readonly S[]): StarterChange[] {
  const before = new Map(known.map(s => [s.name, canonicalJson(s)]));
  const after = new Set(wanted.map(s => s.name));
  return [
    ...wanted.flatMap((s): StarterChange[] => (before.get(s.name) === canonicalJson(s) ? [] : [{ kind, name: s.name, change: before.has(s.name) ? 'changed' : 'added' }])),
    ...known.filter(s => !after.has(s.name)).map((s): StarterChange => ({ kind, name: s.name, change: 'removed' }))
  ];
}
