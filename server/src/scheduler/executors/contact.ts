import { setTimeout as sleep } from 'node:timers/promises';
import { ZodError } from 'zod';
import { EngineSilent } from './driver';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** Short silences are not worth a word. */
const TOLD_AFTER_MS = 3_000;

/** An answer that is none of its own is as good as none. */
function readable(error: unknown): never {
  throw error instanceof ZodError ? new EngineSilent('it answered in a way that is not understood', { cause: error }) : error;
}

export type Contact = ReturnType<typeof createContact>;

/** Talks to one engine as long as it takes, and knows since when it has been silent. */
export function createContact(title: string) {
  let lastAnswerAt: Date | null = null;
  let silence: { since: number; why: string } | null = null;

  async function once<T>(work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work().catch(readable);
      lastAnswerAt = new Date();
      silence = null;
      return answer;
    } catch (error) {
      if (error instanceof EngineSilent) {
        silence = { since: silence?.since ?? Date.now(), why: error.message };
      } else {
        lastAnswerAt = new Date();
        silence = null;
      }
      throw error;
    }
  }

  return {
    once,
    /** Asks until there is an answer. @throws what `signal` was aborted with, or whatever else went wrong */
    async patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
      for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
        signal?.throwIfAborted();
        try {
          return await once(work);
        } catch (error) {
          if (!(error instanceof EngineSilent)) {
            throw error;
          }
        }
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    },
    /** `cluster (Slurm) has not answered for 40 s: …`; null when it answers. */
    note(): string | null {
      const ms = silence === null ? 0 : Date.now() - silence.since;
      return silence === null || ms < TOLD_AFTER_MS ? null : `${title} has not answered for ${ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`} (${silence.why}); its jobs keep their state, and it is asked again.`;
    },
    fault: (): string | null => silence?.why ?? null,
    lastAnswerAt: (): Date | null => lastAnswerAt
  };
}
