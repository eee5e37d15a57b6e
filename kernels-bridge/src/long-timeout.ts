/** The longest that Node's own timers wait, a little under 25 days; asked for more, they fire at once. */
const MOST_MS = 2 ** 31 - 1;

/** Calls `fn` after `ms`, however long that is; gives what calls it off. */
export function startTimeout(fn: () => void, ms: number): () => void {
  let leftMs = ms;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const partMs = Math.min(leftMs, MOST_MS);
    leftMs -= partMs;
    timer = setTimeout(leftMs > 0 ? wait : fn, partMs);
  };
  wait();
  return () => clearTimeout(timer);
}
