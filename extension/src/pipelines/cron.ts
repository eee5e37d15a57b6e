import type { TranslationBundle } from '@jupyterlab/translation';
import { Cron } from 'croner';
import cronstrue from 'cronstrue';
import { partsOf, type Unit } from './interval';

export interface CronReading {
  /** `At 06:00 AM, Monday through Friday`; null where the text is no cron. */
  words: string | null;
  /** The next times it fires. */
  next: Date[];
  /** Why it is no schedule; null when it is one. */
  error: string | null;
}

export const CRON_PRESETS = [
  { label: 'Every hour', cron: '0 * * * *' },
  { label: 'Every day at 6:00', cron: '0 6 * * *' },
  { label: 'Weekdays at 6:00', cron: '0 6 * * 1-5' },
  { label: 'Mondays at 6:00', cron: '0 6 * * 1' },
  { label: 'First day of the month', cron: '0 6 1 * *' }
] as const;

/** Says in words what a cron means and when it fires next, by the daemon's own rules. */
export function readCron(cron: string, timeZone: string, count = 3): CronReading {
  const fields = cron.trim().split(/\s+/).length;
  if (cron.trim() === '' || fields < 5 || fields > 6) {
    return { words: null, next: [], error: 'A cron has five fields (minute, hour, day, month, weekday), or six with seconds first.' };
  }
  try {
    const job = new Cron(cron, { timezone: timeZone, paused: true });
    const next = job.nextRuns(count);
    if (next.length === 0) {
      return { words: null, next, error: 'This never fires: no date fits it.' };
    }
    return { words: cronstrue.toString(cron, { use24HourTimeFormat: true }), next, error: null };
  } catch (error) {
    return { words: null, next: [], error: error instanceof Error ? error.message : String(error) };
  }
}

/** When a schedule fires, in words: by its cron, or by its interval. */
export function scheduleWords(trans: TranslationBundle, timing: { cron?: string | null | undefined; intervalMs?: number | null | undefined; timeZone: string }): string {
  return timing.cron ? (readCron(timing.cron, timing.timeZone).words ?? timing.cron) : intervalWords(trans, timing.intervalMs ?? 0);
}

function intervalWords(trans: TranslationBundle, intervalMs: number): string {
  const { count, unit } = partsOf(intervalMs);
  const words: Record<Unit, string> = {
    seconds: trans._n('Every second', 'Every %1 seconds', count),
    minutes: trans._n('Every minute', 'Every %1 minutes', count),
    hours: trans._n('Every hour', 'Every %1 hours', count),
    days: trans._n('Every day', 'Every %1 days', count)
  };
  return words[unit];
}

/** Zones the browser knows, the user's own first. */
export function timeZones(): string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
}
