import type { CatchUp, Overlap, ScheduleSpec } from '@slipway/schema';
import { DEFAULT_SCHEDULE } from '../../pipelines';
import type { KnownStarters } from '../starters';

/** A schedule as far as any target knows one. */
export interface Clock {
  name: string;
  cron: string;
  timeZone: string;
  isPaused: boolean;
  overlap: Overlap;
  maxConcurrent: number;
  catchUp: CatchUp;
}

/** Of all schedules the one that is exported: `default` before others. Null where none goes by a cron expression. */
export function clockOf({ schedules }: KnownStarters): Clock | null {
  const byClock = schedules.flatMap(({ name, cron, timeZone, isPaused, overlap, maxConcurrent, catchUp }) => (cron === undefined ? [] : [{ name, cron, timeZone, isPaused, overlap, maxConcurrent, catchUp }]));
  return byClock.find(s => s.name === DEFAULT_SCHEDULE) ?? byClock[0] ?? null;
}

/** What a target does in place of `overlap` and `catchUp`, where it cannot do the same. */
export function habitWarnings(clock: Clock | null, does: { overlap(clock: Clock): string | null; catchUp(clock: Clock): string | null }): string[] {
  const overlap = clock && does.overlap(clock);
  const catchUp = clock && does.catchUp(clock);
  return [
    ...(overlap ? [`What the schedule ${clock.name} does while ${clock.maxConcurrent === 1 ? 'a run' : `${clock.maxConcurrent} runs`} of it ${clock.maxConcurrent === 1 ? 'is' : 'are'} under way (overlap: ${clock.overlap}): ${overlap}.`] : []),
    ...(catchUp ? [`What the schedule ${clock.name} does about times missed (catchUp: ${clock.catchUp}): ${catchUp}.`] : [])
  ];
}

/** What of a pipeline's schedules and triggers is not exported. */
export function starterWarnings(starters: KnownStarters): string[] {
  const clock = clockOf(starters);
  const others = starters.schedules.filter(s => s.name !== clock?.name).map(s => s.name);
  const exported = starters.schedules.find(s => s.name === clock?.name);
  return [
    ...(others.length > 0 ? [`The schedules ${others.join(', ')}: ${clock ? `only ${clock.name} is exported.` : 'only cron expressions are exported, not intervals.'}`] : []),
    ...(exported ? finerPoints(exported) : []),
    ...(starters.triggers.length > 0 ? [`The triggers ${starters.triggers.map(t => t.name).join(', ')}.`] : [])
  ];
}

function finerPoints({ name, params, bindings, startAt, endAt }: ScheduleSpec): string[] {
  const held = [...Object.keys(params), ...bindings.map(b => b.param)];
  return [
    ...(held.length > 0 ? [`The values that the schedule ${name} gives ${held.join(', ')}.`] : []),
    ...(startAt !== undefined || endAt !== undefined ? [`When the schedule ${name} begins and ends.`] : [])
  ];
}
