import type { DataInterval } from '@slipway/schema';
import { InvalidInput } from '../core/errors';
import type { FireTimes } from '../core/timing';

/** Most intervals in one backfill. */
const LIMIT = 10_000;

/** Data intervals that lie whole between two instants, oldest first. @throws InvalidInput `empty_range`, `too_many_intervals` */
export function intervalsBetween(times: FireTimes, from: Date, to: Date): DataInterval[] {
  if (from >= to) {
    throw new InvalidInput('empty_range', `The range ends (${to.toISOString()}) before it begins (${from.toISOString()}).`, { errors: [{ path: 'to', message: 'after from' }] });
  }
  const intervals: DataInterval[] = [];
  let start = times.next(new Date(from.getTime() - 1));
  for (let end = start && times.next(start); start && end && end <= to; start = end, end = times.next(end)) {
    if (intervals.length === LIMIT) {
      throw new InvalidInput('too_many_intervals', `There are more than ${LIMIT} intervals in that range; take a shorter one.`, { errors: [{ path: 'to', message: 'too far' }] });
    }
    intervals.push({ start: start.toISOString(), end: end.toISOString() });
  }
  return intervals;
}
