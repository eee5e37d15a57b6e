import { InvalidInput } from './errors';

/** Parts of a date that a format may name, longest first; anything in single quotes stands for itself. */
const TOKEN = /'([^']*)'|yyyy|MM|dd|HH|mm|ss|SSS/g;

/**
 * An instant by the clock of a zone, in a format of yyyy, MM, dd, HH, mm, ss
 * and SSS, as Java and date-fns write them; ISO 8601 in UTC without one.
 */
export function formatInstant(at: Date, format: string | undefined, timeZone: string): string {
  if (format === undefined) {
    return at.toISOString();
  }
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find(p => p.type === type)?.value ?? '';
  const values: Record<string, string> = {
    yyyy: part('year').padStart(4, '0'),
    MM: part('month'),
    dd: part('day'),
    HH: part('hour'),
    mm: part('minute'),
    ss: part('second'),
    SSS: String(at.getUTCMilliseconds()).padStart(3, '0')
  };
  return format.replace(TOKEN, (token, quoted: string | undefined) => quoted ?? values[token]!);
}

/** @throws InvalidInput `invalid_format` where letters stand in it that name no part of a date */
export function checkFormat(format: string, path: string): void {
  const rest = format.replace(TOKEN, '');
  const letter = /[A-Za-z']/.exec(rest)?.[0];
  if (letter !== undefined) {
    throw new InvalidInput('invalid_format', `The format “${format}” holds “${letter}”, which names no part of a date; there are yyyy, MM, dd, HH, mm, ss, SSS, and text in single quotes.`, { errors: [{ path, message: 'no date format' }] });
  }
}
