import type { ScheduleSpec } from '@slipway/schema';
import type { FireTimes } from '../core/timing';

/** A fire this late was missed, not merely slow. */
const LATE_MS = 10_000;
/** Most missed times counted when telling of them. */
const COUNT_LIMIT = 1_000;

/** What is to be done about a schedule whose time has come. */
export interface DueFires {
  /** Oldest first; each is started, or waits its turn. */
  fires: { fireAt: Date; isCatchUp: boolean }[];
  nextFireAt: Date | null;
  /** What was missed and what became of it, in words; null when nothing was. */
  note: string | null;
}

/**
 * Which of the fire times from `due` to `now` are made up for. `latest` starts
 * one run for all that was missed, `all` one for each, up to the newest
 * `maxCatchUp`, and `none` lets pass what comes too late.
 */
export function dueFires(spec: Pick<ScheduleSpec, 'catchUp' | 'maxCatchUp'>, times: FireTimes, due: Date, now: Date): DueFires {
  const nextFireAt = times.next(now);
  const latest = times.previous(new Date(now.getTime() + 1)) ?? due;
  const isLate = (at: Date): boolean => now.getTime() - at.getTime() >= LATE_MS;
  if (spec.catchUp === 'all') {
    const { kept, leftOut } = newest(times, due, latest, spec.maxCatchUp);
    const note = leftOut === 0 ? null : `Slipway was away: of the times missed, the newest ${kept.length} are made up for and ${leftOut > COUNT_LIMIT ? `more than ${COUNT_LIMIT}` : leftOut} are not.`;
    return { fires: kept.map(fireAt => ({ fireAt, isCatchUp: fireAt < latest || isLate(fireAt) })), nextFireAt, note };
  }
  const isMissed = isLate(latest);
  if (spec.catchUp === 'none' && isMissed) {
    return { fires: [], nextFireAt, note: `Slipway was not running at ${latest.toISOString()}, and this schedule makes up for nothing.` };
  }
  return { fires: [{ fireAt: latest, isCatchUp: false }], nextFireAt, note: isLate(due) ? noteOfLatest(times, due, latest, now, isMissed) : null };
}

/** The newest `count` fire times from `due` to `latest`, oldest first. */
function newest(times: FireTimes, due: Date, latest: Date, count: number): { kept: Date[]; leftOut: number } {
  const kept = [latest];
  for (let at = times.previous(latest); at && at >= due && kept.length < count; at = times.previous(at)) {
    kept.unshift(at);
  }
  const missed = kept[0]! > due ? countFrom(times, due, new Date(kept[0]!.getTime() - 1)) : 0;
  return { kept, leftOut: missed };
}

/** How many fire times there are from `from` to `to`; one more than the limit where there are more. */
function countFrom(times: FireTimes, from: Date, to: Date): number {
  let count = 0;
  for (let at: Date | null = from; at && at <= to && count <= COUNT_LIMIT; at = times.next(at)) {
    count += 1;
  }
  return count;
}

function noteOfLatest(times: FireTimes, due: Date, latest: Date, now: Date, isMissed: boolean): string {
  const count = countFrom(times, due, isMissed ? latest : new Date(latest.getTime() - 1));
  if (isMissed && count === 1) {
    return `Slipway was not running at ${due.toISOString()}; it ran at ${now.toISOString()} instead.`;
  }
  const words = count > COUNT_LIMIT ? `more than ${COUNT_LIMIT}` : String(count);
  return `Slipway missed ${words} ${count === 1 ? 'run' : 'runs'} from ${due.toISOString()} to ${latest.toISOString()}; it ran once at ${now.toISOString()} for all of them.`;
}
