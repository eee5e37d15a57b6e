import { Cron } from 'croner';
import { InvalidInput } from './errors';

/** Most fire times counted when telling how many were missed. */
const COUNT_LIMIT = 1_000;
const AT_CRON = [{ path: 'cron', message: 'no cron expression that comes' }];

/** @throws InvalidInput `unknown_time_zone` */
export function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw new InvalidInput('unknown_time_zone', `There is no time zone ${timeZone}; use an IANA name such as Europe/Berlin.`, { cause, errors: [{ path: 'timeZone', message: 'no such time zone' }] });
  }
}

/** A schedule's expression in its time zone. @throws InvalidInput `unknown_time_zone`, `invalid_cron` */
export function parseCron(expression: string, timeZone: string): Cron {
  checkTimeZone(timeZone);
  let cron: Cron;
  try {
    const fields = expression.trim().split(/\s+/);
    if (!expression.trim().startsWith('@') && (fields.length < 5 || fields.length > 6)) {
      throw new Error(`it has ${fields.length} fields, not five or six`);
    }
    cron = new Cron(expression, { timezone: timeZone, paused: true });
  } catch (cause) {
    throw new InvalidInput('invalid_cron', `The schedule “${expression}” is no cron expression: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, errors: AT_CRON });
  }
  if (cron.nextRun() === null) {
    throw new InvalidInput('invalid_cron', `The schedule “${expression}” never comes: no date fits it.`, { errors: AT_CRON });
  }
  return cron;
}

/** Fire times after the due one up to `now`: what was missed besides it; counted up to 1,000. */
export function missedSince(cron: Cron, due: Date, now: Date): { count: number; isMore: boolean; last: Date } {
  let count = 0;
  let last = due;
  for (let next = cron.nextRun(due); next && next <= now; next = cron.nextRun(next)) {
    if (count === COUNT_LIMIT) {
      return { count, isMore: true, last };
    }
    count += 1;
    last = next;
  }
  return { count, isMore: false, last };
}
