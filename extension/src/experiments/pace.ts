/**
 * Does `work` soon after it was asked for, and at most once a stretch of
 * `everyMs`: a run that logs a thousand points a second is news once a second.
 */
export class Pace {
  constructor(
    private readonly work: () => void,
    private readonly everyMs: number
  ) {}

  ask(): void {
    this.timer ??= setTimeout(() => this.turn(), Math.max(0, this.last + this.everyMs - Date.now()));
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private turn(): void {
    this.timer = undefined;
    this.last = Date.now();
    this.work();
  }

  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = 0;
}
