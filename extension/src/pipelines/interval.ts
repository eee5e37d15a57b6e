/** In ms, the largest last. */
export const UNITS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
export type Unit = keyof typeof UNITS;

/** An interval in the largest unit that it is a whole number of. */
export function partsOf(intervalMs: number): { count: number; unit: Unit } {
  const unit = (Object.keys(UNITS) as Unit[]).reverse().find(each => intervalMs % UNITS[each] === 0) ?? 'seconds';
  return { count: intervalMs / UNITS[unit], unit };
}

/** In ms; null where the text is no number above zero, or makes less than a second. */
export function intervalOf(text: string, unit: Unit): number | null {
  const ms = Math.round(Number(text) * UNITS[unit]);
  return text.trim() !== '' && Number.isFinite(ms) && ms >= 1_000 ? ms : null;
}
