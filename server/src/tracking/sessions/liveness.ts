import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../core/log';
import { processIdentity } from '../../core/process-identity';
import type { Db } from '../../database';
import type { RecordWriter } from './records';
import * as store from './session-store';
import type { Spool } from './spool';
import type { SessionRow } from './tables';

const CHECK_MS = 3_000;
/** Four heartbeats of the hook. */
const SILENT_MS = 60_000;
/** A kernel on another machine has no file here to beat on: only long silence tells. */
const REMOTE_SILENT_MS = 6 * 3_600_000;

/** Ends the sessions whose kernels died without saying so, and tidies the spool. */
export function createLiveness(deps: { db: Db; spool: Spool; writer: RecordWriter; hostname: string; log: Log }) {
  const { db, spool, writer, hostname, log } = deps;
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  /** Whether its process was seen on this machine: then that, and not its silence, tells. */
  const hasProcess = (session: SessionRow): boolean => session.host === hostname && session.pid !== null && session.pid_identity !== null;

  async function isDead(session: SessionRow): Promise<boolean> {
    if (hasProcess(session)) {
      return processIdentity(session.pid!) !== session.pid_identity;
    }
    const beat = await spool.lastBeat(session.id);
    const last = Math.max(beat?.getTime() ?? 0, session.seen_at.getTime());
    return Date.now() - last > (beat === null ? REMOTE_SILENT_MS : SILENT_MS);
  }

  async function check(): Promise<void> {
    for (const session of await store.runningSessions(db)) {
      // What it wrote before it died comes first: it may have said goodbye.
      if ((await isDead(session)) && (await spool.isDrained(session.id))) {
        await db.transaction().execute(async tx => {
          await store.lockSession(tx, session.id);
          const now = await store.findSession(tx, session.id);
          if (now?.status === 'running') {
            await writer.ended(tx, now, 'killed', now.seen_at, hasProcess(now));
            log.info({ sessionId: session.id }, 'a kernel is gone; its session ended');
          }
        });
      }
    }
    await spool.clean();
  }

  return {
    start(): void {
      loop = (async () => {
        while (!stopping.signal.aborted) {
          await sleep(CHECK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
          if (!stopping.signal.aborted) {
            await check().catch((err: unknown) => log.warn({ err }, 'kernels could not be looked after; trying again'));
          }
        }
      })();
    },
    async stop(): Promise<void> {
      stopping.abort();
      await loop;
    }
  };
}
