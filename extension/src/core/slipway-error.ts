/** A refusal by the daemon, or `daemon_away` where none answered. */
export class SlipwayError extends Error {
  override readonly name = 'SlipwayError';
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    options?: ErrorOptions,
    /** What of the request was refused, by its path in it. */
    readonly errors: readonly { path: string; message: string }[] = []
  ) {
    super(message, options);
  }

  /** True where nobody refused: the daemon does not run or cannot be reached. */
  get isAway(): boolean {
    return this.code === 'daemon_away';
  }
}

/** Whatever was thrown, as an error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return errorOf(error).message;
}
