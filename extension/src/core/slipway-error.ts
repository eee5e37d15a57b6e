/** A refusal by the daemon, or `daemon_away` where none answered. */
export class SlipwayError extends Error {
  override readonly name = 'SlipwayError';
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    options?: ErrorOptions
  ) {
    super(message, options);
  }

  /** True where nobody refused: the daemon does not run or cannot be reached. */
  get isAway(): boolean {
    return this.code === 'daemon_away';
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
