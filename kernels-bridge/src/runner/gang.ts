import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../kernels/free-port';
import { ALIVE_MS, rankPaths, type ParcelOutcome, type ParcelPaths } from '../parcel/parcel';
import type { StepError, StepResult } from '../step/spec';

/** So long all ranks are waited for: an engine may start them one by one. */
const GATHER_MS = 600_000;
/** A rank that does not show that it lives for so long is gone with its node. */
const SILENT_MS = 60_000;
const LOOK_MS = 500;

/** The gang of a step on an engine cannot go on, for a reason that is no rank's own. */
export class GangBroken extends Error {
  constructor(readonly error: StepError) {
    super(error.message);
  }
}

/** Which of the ranks this process is, as the engine that started it says. */
export function rankHere(env: NodeJS.ProcessEnv): number {
  return Number(env.SLURM_PROCID ?? env.JOB_COMPLETION_INDEX ?? 0) || 0;
}

export type Gang = ReturnType<typeof createGang>;

/**
 * The processes of one step on an engine's nodes, which meet in the parcel:
 * each leaves `here.R` when it is there, `ready.R` when its kernel is, and its
 * outcome at its end. Rank 0 says where it listens.
 */
export function createGang(main: ParcelPaths, rank: number, ranks: number) {
  const folder = join(main.folder, 'gang');
  const others = Array.from({ length: ranks }, (_, r) => r).filter(r => r !== rank);
  const file = (name: string, r: number): string => join(folder, `${name}.${r}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  function leave(name: string, content: object = {}): void {
    const temporary = `${file(name, rank)}.new`;
    writeFileSync(temporary, JSON.stringify(content), { mode: 0o600 });
    renameSync(temporary, file(name, rank));
  }

  /** Waits until all have left such a file. @throws {GangBroken} */
  async function all(name: string, signal: AbortSignal): Promise<void> {
    for (const until = Date.now() + GATHER_MS; !others.every(r => existsSync(file(name, r))); ) {
      signal.throwIfAborted();
      throwIfBroken();
      if (Date.now() > until) {
        const missing = others.filter(r => !existsSync(file(name, r)));
        throw new GangBroken(brokenError(`Not all ${ranks} ranks were there within ${GATHER_MS / 60_000} min: ${missing.join(', ')} missing. None has begun.`));
      }
      await sleep(LOOK_MS / 5);
    }
  }

  function outcomeOf(r: number): ParcelOutcome | null {
    try {
      return JSON.parse(readFileSync(rankPaths(main, r).outcome, 'utf8')) as ParcelOutcome;
    } catch {
      return null;
    }
  }

  /** @throws {GangBroken} where another rank has failed, was stopped, or is gone; who was stopped for another's failure is not blamed for it */
  function throwIfBroken(): void {
    const ended = others.flatMap(r => { const outcome = outcomeOf(r); return outcome ? [{ r, ...outcome.result }] : []; });
    const failed = ended.find(e => e.status === 'failed' && e.error);
    if (failed) {
      throw new GangBroken({ ...failed.error!, message: `Rank ${failed.r} of ${ranks}: ${failed.error!.message}` });
    }
    const stopped = ended.find(e => e.status !== 'succeeded');
    const silent = others.find(r => !ended.some(e => e.r === r) && isSilent(rankPaths(main, r).alive));
    if (stopped || silent !== undefined) {
      throw new GangBroken(brokenError(stopped ? `Rank ${stopped.r} of ${ranks} was stopped.` : `Rank ${silent} of ${ranks} was lost with its node.`));
    }
  }

  return {
    /** All ranks are started; gives what each tells its kernel. @throws {GangBroken} */
    async gather(signal: AbortSignal): Promise<Record<string, string>> {
      leave('here', rank === 0 ? { host: hostname(), address: ownAddress(), port: await freePort() } : {});
      await all('here', signal);
      const { address, port } = JSON.parse(readFileSync(file('here', 0), 'utf8')) as { address: string; port: number };
      if (rank === 0) {
        rmSync(main.spec, { force: true }); // all have read it
      }
      return { MASTER_ADDR: address, MASTER_PORT: String(port), RANK: String(rank), WORLD_SIZE: String(ranks), LOCAL_RANK: '0', LOCAL_WORLD_SIZE: '1' };
    },
    /** This rank's kernel is ready, and so are all the others'. @throws {GangBroken} */
    async begin(signal: AbortSignal): Promise<void> {
      leave('ready');
      await all('ready', signal);
    },
    /** Calls `onBroken` once, when another rank fails or is gone, until it is ended. */
    watch(onBroken: (why: GangBroken) => void): () => void {
      const timer = setInterval(() => {
        try {
          throwIfBroken();
        } catch (error) {
          clearInterval(timer);
          onBroken(error as GangBroken);
        }
      }, LOOK_MS);
      return () => clearInterval(timer);
    },
    /** Waits until the others have stopped, or long enough: what they share goes once the first has told how all ended. */
    async settled(ms: number): Promise<void> {
      for (const until = Date.now() + ms; Date.now() < until && others.some(r => outcomeOf(r) === null && existsSync(rankPaths(main, r).claim)); ) {
        await sleep(LOOK_MS);
      }
    },
    /** Waits for the ends of all others. @throws {GangBroken} */
    async ended(signal: AbortSignal): Promise<StepResult[]> {
      for (;;) {
        throwIfBroken();
        const outcomes = others.map(outcomeOf);
        if (outcomes.every(o => o !== null)) {
          return outcomes.map(o => o.result);
        }
        signal.throwIfAborted();
        await sleep(LOOK_MS);
      }
    }
  };
}

function brokenError(message: string): StepError {
  return { code: 'kernel_start_failed', message, cellId: null, traceback: null, isRetryable: true };
}

function isSilent(alive: string): boolean {
  try {
    return Date.now() - statSync(alive).mtimeMs > SILENT_MS + ALIVE_MS;
  } catch {
    return false; // not there yet
  }
}

/** Where other nodes reach this one. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap(all => all ?? []);
  return addresses.find(a => !a.internal && a.family === 'IPv4')?.address ?? '127.0.0.1';
}
