/** `3.2 s`, `41 ms`, `2 min 5 s`: a duration as a person says it. */
export function formatDuration(ms: number): string {
  if (ms < 1) {
    return '<1 ms';
  }
  if (ms < 1_000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 59_500) {
    return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  }
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number with as many digits as tell metrics apart, and no more. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) {
    return String(value);
  }
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6 ? String(Number(value.toPrecision(5))) : value.toExponential(3);
}

/** A scalar or metric as a cell of a table. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) {
    return value === null ? 'None' : '';
  }
  return typeof value === 'number' ? formatNumber(value) : typeof value === 'string' ? value : JSON.stringify(value);
}

/** `12:03:44` today, with the date on other days, and the year in other years. */
export function formatTime(instant: string, now = new Date()): string {
  const date = new Date(instant);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  return date.toDateString() === now.toDateString() ? time : `${date.toLocaleDateString([], { month: 'short', day: 'numeric', ...(date.getFullYear() !== now.getFullYear() && { year: 'numeric' }) })}, ${time}`;
}

/** `4,800`: how many there are. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1000)));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** A path's last part. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The first telling line of a cell: its first comment without the marks, else its first line. */
export function cellTitle(source: string): string {
  const lines = source.split('\n').map(line => line.trim()).filter(line => line !== '');
  const first = lines[0] ?? '';
  return first.startsWith('#') && !first.startsWith('#!') ? first.replace(/^#+\s*/, '') || (lines[1] ?? '') : first;
}
