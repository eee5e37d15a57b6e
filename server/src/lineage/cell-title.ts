const LONGEST = 120;

/** What a cell says of itself: its first line, a comment without its mark. */
export function cellTitle(source: string): string {
  const [first = '', second] = source.split('\n').map(line => line.trim()).filter(line => line !== '');
  const title = first.startsWith('#') && !first.startsWith('#!') ? first.replace(/^#+\s*/, '') || (second ?? '') : first;
  return title.slice(0, LONGEST) || 'empty cell';
}
