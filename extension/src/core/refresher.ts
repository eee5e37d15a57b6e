/**
 * Runs `work` when asked, never twice at once and at most once a `gapMs`: asked
 * while it runs, it runs once more afterwards.
 */
export class Refresher {
  constructor(
    private readonly work: () => Promise<void>,
    private readonly gapMs = 150
  ) {}

  ask(): void {
    if (this.isBusy) {
      this.isAsked = true;
      return;
    }
    this.isBusy = true;
    void this.run();
  }

  stop(): void {
    this.isStopped = true;
  }

  private async run(): Promise<void> {
    do {
      this.isAsked = false;
      await this.work().catch((error: unknown) => console.error('Slipway: a refresh failed', error));
      await new Promise(resolve => setTimeout(resolve, this.gapMs));
    } while (this.isAsked && !this.isStopped);
    this.isBusy = false;
  }

  private isBusy = false;
  private isAsked = false;
  private isStopped = false;
}
