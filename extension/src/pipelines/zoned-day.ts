const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** The instant at which a day (`yyyy-MM-dd`) begins by the clock of a zone, as ISO 8601; where the clock skips midnight, the first moment after. */
export function dayStart(day: string, timeZone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const first = midnight - offsetMs(midnight, timeZone);
  const second = midnight - offsetMs(first, timeZone);
  const right = [second, first].find(at => at + offsetMs(at, timeZone) === midnight) ?? Math.max(first, second);
  return new Date(right).toISOString();
}

/** The day of an instant by the clock of a zone, `yyyy-MM-dd`; with the time where it is not the day's first moment. */
export function dayWords(instant: string, timeZone: string): string {
  const day = wallTime(Date.parse(instant), timeZone).slice(0, 10);
  return dayStart(day, timeZone) === new Date(instant).toISOString() ? day : wallTime(Date.parse(instant), timeZone).replace('T', ' ').slice(0, 16);
}

/** How far the clock of a zone is ahead of UTC. */
function offsetMs(at: number, timeZone: string): number {
  return Date.parse(`${wallTime(at, timeZone)}Z`) - Math.floor(at / 1_000) * 1_000;
}

function wallTime(at: number, timeZone: string): string {
  const format = FORMATS.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  FORMATS.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}
