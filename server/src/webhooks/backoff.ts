export interface Patience {
  /** The first wait; each next one is twice as long. */
  firstMs: number;
  longestMs: number;
  maxAttempts: number;
}
/** 12 attempts over about 35 minutes. */
export const PATIENCE: Patience = { firstMs: 1_000, longestMs: 15 * 60_000, maxAttempts: 12 };

/** True where trying again may help: 429, 5xx, or no answer at all (null). */
export function mayRetry(status: number | null): boolean {
  return status === null || status === 429 || status >= 500;
}

/**
 * Wait after the `attempt`-th attempt in ms: doubled each time, spread by
 * ±50 % so that many do not come back at once, never less than the receiver asked
 * for; null when it was the last.
 */
export function waitAfter(attempt: number, patience: Patience, asked: number | null = null, random = Math.random()): number | null {
  if (attempt >= patience.maxAttempts) {
    return null;
  }
  const wait = Math.min(patience.firstMs * 2 ** (attempt - 1), patience.longestMs) * (0.5 + random);
  return Math.max(wait, Math.min(asked ?? 0, patience.longestMs));
}
