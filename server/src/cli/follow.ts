import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 1_000;

/**
 * Asks `look` until it gives a value: at once whenever the daemon has news of
 * `subject`, else once a second, for a stream may break and news be missed.
 */
export async function follow<T>(daemon: { url: string; token: string | null }, subject: () => string | undefined, look: () => Promise<T | undefined>): Promise<T> {
  const stop = new AbortController();
  let wake: () => void = () => undefined;
  void listen(daemon, stop.signal, text => {
    const about = subject();
    if (about === undefined || text.includes(about)) {
      wake();
    }
  });
  try {
    for (;;) {
      const news = new Promise<void>(resolve => (wake = resolve));
      const found = await look();
      if (found !== undefined) {
        return found;
      }
      await Promise.race([news, sleep(POLL_MS)]);
    }
  } finally {
    stop.abort();
  }
}

async function listen(daemon: { url: string; token: string | null }, signal: AbortSignal, onText: (text: string) => void): Promise<void> {
  try {
    const response = await fetch(`${daemon.url}/api/v1/events`, { signal, headers: daemon.token ? { authorization: `Bearer ${daemon.token}` } : {} });
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      onText(decoder.decode(chunk as Uint8Array, { stream: true }));
    }
  } catch {
    // the caller's poll goes on without the stream
  }
}
