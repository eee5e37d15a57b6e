import { HookRecord } from '@slipway/schema';
import { watch, type FSWatcher } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../core/errors';
import type { Log } from '../../core/log';
import { storable } from '../../core/storable';
import { readAck, readLines, writeAck } from './spool-file';

export type Spool = ReturnType<typeof createSpool>;

const POLL_MS = 1_000;
/** Lets a kernel finish the lines it is writing: one transaction for them all. */
const SETTLE_MS = 15;
const BATCH = 200;
const FILE = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.jsonl$/;

export interface SpoolDeps {
  folder: string;
  /** Stores records; when it throws they are offered again. */
  take(records: HookRecord[]): Promise<void>;
  /** Those of the sessions that are over. */
  over(sessionIds: string[]): Promise<string[]>;
  log: Log;
}

/**
 * Follows the spool files of all kernels. What is stored is acknowledged by
 * the byte it ends at in `<sessionId>.ack`, so that a restart goes on there;
 * files of sessions that are over and wholly stored are removed.
 */
export function createSpool(deps: SpoolDeps) {
  const { folder, log } = deps;
  const stopping = new AbortController();
  const offsets = new Map<string, number>();
  let wake: () => void = () => undefined;
  let watcher: FSWatcher | undefined;
  let loop: Promise<void> | undefined;
  let scanning: Promise<void> = Promise.resolve();

  async function follow(sessionId: string): Promise<void> {
    const path = join(folder, `${sessionId}.jsonl`);
    const size = (await stat(path)).size;
    let offset = offsets.get(sessionId) ?? (await readAck(folder, sessionId));
    // A file shorter than what was stored of it was begun anew.
    offset = offset > size ? 0 : offset;
    while (offset < size && !stopping.signal.aborted) {
      const { lines, end } = await readLines(path, offset, BATCH);
      if (end === offset) {
        break; // the last line is still being written
      }
      await store(sessionId, lines);
      offset = end;
      offsets.set(sessionId, offset);
      await writeAck(folder, sessionId, offset);
    }
    offsets.set(sessionId, offset);
  }

  async function store(sessionId: string, lines: string[]): Promise<void> {
    const records = lines.flatMap(line => parse(line, sessionId, log));
    try {
      await (records.length > 0 ? deps.take(records) : undefined);
    } catch (err) {
      if (!isDataFault(err) || records.length === 0) {
        throw err;
      }
      // One of them cannot be stored: find it, so that the others are.
      for (const record of records) {
        await deps.take([record]).catch((cause: unknown) => {
          if (!isDataFault(cause)) throw cause;
          log.error({ err: cause, sessionId, seq: record.seq }, 'a hook record cannot be stored; skipped');
        });
      }
    }
  }

  async function sessionIds(): Promise<string[]> {
    const names = await readdir(folder);
    return names.flatMap(name => FILE.exec(name)?.[1] ?? []);
  }

  async function scan(): Promise<void> {
    for (const sessionId of await sessionIds()) {
      try {
        await follow(sessionId);
      } catch (err) {
        log.warn({ err, sessionId }, 'a spool file could not be taken in; trying again');
      }
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      scanning = scan().catch((err: unknown) => log.warn({ err }, 'the spool folder could not be read; trying again'));
      await scanning;
      await Promise.race([new Promise<void>(resolve => (wake = resolve)), sleep(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined)]);
      await sleep(SETTLE_MS);
    }
  }

  return {
    async start(): Promise<void> {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      try {
        watcher = watch(folder, (_event, name) => {
          if (name?.endsWith('.jsonl')) wake();
        });
        watcher.on('error', err => log.warn({ err }, 'the spool folder is polled from now on'));
      } catch (err) {
        log.warn({ err }, 'the spool folder cannot be watched; it is polled');
      }
      loop = run();
    },
    async stop(): Promise<void> {
      stopping.abort();
      watcher?.close();
      wake();
      await loop;
    },
    /** When the session's kernel last wrote or beat; null without a file. */
    async lastBeat(sessionId: string): Promise<Date | null> {
      return stat(join(folder, `${sessionId}.jsonl`)).then(s => s.mtime, () => null);
    },
    /** Whether all there is of the session has been stored. */
    async isDrained(sessionId: string): Promise<boolean> {
      const size = await stat(join(folder, `${sessionId}.jsonl`)).then(s => s.size, () => 0);
      return (offsets.get(sessionId) ?? 0) >= size;
    },
    /** Removes the files of sessions that are over and wholly stored. */
    async clean(): Promise<void> {
      const ids = await sessionIds();
      for (const id of await deps.over(ids)) {
        if (await this.isDrained(id)) {
          offsets.delete(id);
          await rm(join(folder, `${id}.jsonl`), { force: true });
          await rm(join(folder, `${id}.ack`), { force: true });
        }
      }
    }
  };
}

function parse(line: string, sessionId: string, log: Log): HookRecord[] {
  try {
    const record = storable(HookRecord.parse(JSON.parse(line)));
    if (record.sessionId === sessionId) {
      return [record];
    }
    log.warn({ sessionId }, 'a spool file holds a record of another session; skipped');
  } catch (err) {
    log.warn({ err, sessionId }, 'a line of a spool file is no record; skipped');
  }
  return [];
}

/** Wrong as it stands, and so it will be next time: refused by us, or by PostgreSQL (classes 22 and 23). */
function isDataFault(err: unknown): boolean {
  return (err instanceof AppError && err.status < 500) || err instanceof Error && 'code' in err && /^2[23]...$/.test(String(err.code));
}
