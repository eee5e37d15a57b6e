/** What was watched looked like so, by path: as it was told of, and what still changes. */
export interface WatchState {
  known: Record<string, string>;
  pending: Record<string, { stamp: string; since: number }>;
}

/**
 * Holds what is seen against what is known. A new or changed path counts once
 * it has stayed as it is for `settleMs`; the first look only learns what is there.
 */
export function judgeStamps(before: WatchState | null, seen: ReadonlyMap<string, string>, now: number, settleMs: number): { state: WatchState; changed: string[] } {
  if (!before) {
    return { state: { known: Object.fromEntries(seen), pending: {} }, changed: [] };
  }
  const state: WatchState = { known: {}, pending: {} };
  const changed: string[] = [];
  for (const [path, stamp] of seen) {
    const was = before.known[path];
    const waiting = before.pending[path];
    const since = waiting?.stamp === stamp ? waiting.since : now;
    if (was === stamp) {
      state.known[path] = stamp;
    } else if (now - since >= settleMs) {
      state.known[path] = stamp;
      changed.push(path);
    } else {
      if (was !== undefined) {
        state.known[path] = was;
      }
      state.pending[path] = { stamp, since };
    }
  }
  return { state, changed };
}
