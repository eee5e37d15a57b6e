/** Longer lines are told in pieces: a progress bar may never end its own. */
const LONGEST_LINE = 2_000;

/** Puts `[rank 2] ` before each line of one process of a gang; lines of several that come at once stay whole. */
export function createRankLog(rank: number, pass: (text: string) => void) {
  let held = '';

  function tell(line: string): void {
    pass(`[rank ${rank}] ${line}\n`);
  }

  return {
    write(text: string): void {
      const lines = (held + text).split(/\r\n|\n|\r/);
      held = lines.pop()!;
      lines.forEach(tell);
      if (held.length > LONGEST_LINE) {
        tell(held);
        held = '';
      }
    },
    /** No more comes. */
    end(): void {
      if (held !== '') {
        tell(held);
        held = '';
      }
    }
  };
}
