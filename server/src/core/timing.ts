import type { Timing } from '@slipway/schema';
import { checkTimeZone, parseCron } from './cron';
import { InvalidInput } from './errors';

/** Past this no fire time is looked for: a leap day's comes every eight years at most. */
const REACH_MS = 3_000 * 86_400_000;

/** When a schedule comes, as a pure function of time. */
export interface FireTimes {
  /** The first fire time after `after`; null when there is none any more. */
  next(after: Date): Date | null;
  /** The last one before `before` and not after its end, whether or not the schedule had begun by then: where the data interval of a fire begins. */
  previous(before: Date): Date | null;
}

export interface TimingSpec extends Timing {
  startAt?: string | undefined;
  endAt?: string | undefined;
}

/**
 * Fire times of a timing: by a clock, each wall-clock time once however the
 * clock is changed, or every so often from `startAt`, else from `anchor`.
 *
 * @throws InvalidInput `unknown_time_zone`, `invalid_cron`, `invalid_timing`
 */
export function createFireTimes(spec: TimingSpec, anchor: Date): FireTimes {
  const startAt = spec.startAt === undefined ? null : new Date(spec.startAt);
  const endAt = spec.endAt === undefined ? null : new Date(spec.endAt);
  if ((spec.cron === undefined) === (spec.intervalMs === undefined)) {
    throw new InvalidInput('invalid_timing', 'Give either `cron` or `intervalMs`: one of the two says when it comes.', { errors: [{ path: 'cron', message: 'one of cron and intervalMs' }] });
  }
  if (startAt && endAt && startAt >= endAt) {
    throw new InvalidInput('invalid_timing', `It ends (${spec.endAt}) before it begins (${spec.startAt}).`, { errors: [{ path: 'endAt', message: 'after startAt' }] });
  }
  checkTimeZone(spec.timeZone);
  const all = spec.cron !== undefined ? byClock(spec.cron, spec.timeZone) : byInterval(spec.intervalMs!, startAt ?? anchor);
  return {
    next(after) {
      const from = startAt && after < startAt ? new Date(startAt.getTime() - 1) : after;
      const at = all.next(from);
      return at && endAt && at > endAt ? null : at;
    },
    // Looked for from beyond the end, it is the last there was.
    previous: before => all.previous(endAt && before > endAt ? new Date(endAt.getTime() + 1) : before)
  };
}

function byInterval(intervalMs: number, anchor: Date): FireTimes {
  const at = (count: number): Date => new Date(anchor.getTime() + count * intervalMs);
  return {
    next: after => at(Math.floor((after.getTime() - anchor.getTime()) / intervalMs) + 1),
    previous: before => at(Math.ceil((before.getTime() - anchor.getTime()) / intervalMs) - 1)
  };
}

function byClock(expression: string, timeZone: string): FireTimes {
  const cron = parseCron(expression, timeZone);
  const offsetAt = offsetReader(timeZone);
  const isEveryHour = hourField(expression) === '*';

  function next(after: Date): Date | null {
    const at = cron.nextRun(after);
    const offset = isEveryHour && at ? offsetAt(after) : 0;
    if (!isEveryHour || !at || offset <= offsetAt(at)) {
      return at;
    }
    // The clock is set back in between. What comes every hour comes in the hour that is lived twice as well.
    const onwards = parseCron(expression, 'UTC').nextRun(new Date(after.getTime() + offset * 60_000));
    const elapsed = onwards && new Date(onwards.getTime() - offset * 60_000);
    return elapsed && elapsed < at ? elapsed : at;
  }

  return { next, previous: before => lastBefore(next, before) };
}

/** The last time before `before` that `next` gives, by halving: `next` never falls. */
function lastBefore(next: (after: Date) => Date | null, before: Date): Date | null {
  const end = before.getTime();
  const isBefore = (ms: number): boolean => (next(new Date(ms))?.getTime() ?? Infinity) < end;
  let reach = Math.max(60_000, (next(before)?.getTime() ?? end) - end);
  while (!isBefore(end - reach)) {
    reach *= 2;
    if (reach > REACH_MS * 2) {
      return null;
    }
  }
  let from = end - reach;
  for (let to = end; to - from > 1; ) {
    const middle = Math.floor((from + to) / 2);
    if (isBefore(middle)) {
      from = middle;
    } else {
      to = middle;
    }
  }
  return next(new Date(from));
}

/** The hour's field; none for nicknames such as `@daily`. */
function hourField(expression: string): string | undefined {
  const fields = expression.trim().split(/\s+/);
  return expression.trim() === '@hourly' ? '*' : fields.at(-4);
}

/** Minutes that a zone's clock is ahead of UTC. */
function offsetReader(timeZone: string): (at: Date) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return at => {
    const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.formatToParts(at).find(p => p.type === 'timeZoneName')?.value ?? '') ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}
