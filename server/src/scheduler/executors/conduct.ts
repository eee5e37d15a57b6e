import { stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ParcelOutcome } from '@slipway/kernels-bridge';
import { cancelledOutcome, failedOutcome, type JobObserver, type JobOutcome, type JobToRun } from '../executor';
import type { EngineConfig } from './config';
import type { Contact } from './contact';
import { EngineRefused, EngineSilent, type EngineDriver, type EngineState } from './driver';
import { followLive, followLog } from './follow';
import { judge } from './judge';
import { NotPackable, type Parcels } from './parcels';

/** The runner's own needs beside the step's. */
const RUNNER_BYTES = 512 * 2 ** 20;
const LOOK_MS = 300;
const ASK_MS = { first: 500, last: 5_000 };
/** How long a shared folder may take to show what a node wrote. */
const SHOWN_MS = 5_000;
/** How long a step has to stop by itself before its engine is asked to end it. */
const STOP_MS = 8_000;
const HUNG_MS = 90_000;
/** A runner whose job is suspended gets its engine's grace to end; silent for so long, it is gone. */
const EVICTED_MS = 10_000;

export interface ConductDeps {
  config: EngineConfig;
  title: string;
  driver: EngineDriver;
  contact: Contact;
  parcels: Parcels;
  /** What is to be told of the job while it goes on; null = it runs. */
  tell: (note: string | null) => void;
}

/**
 * Sees one attempt through on an engine: lays it out, hands it over once, hears
 * its log and what it measures, and tells how it ended. Done again for the same attempt, by this
 * daemon or the next, it goes on where things stand. What was found in the
 * parcel counts before what the engine says.
 */
export function createConduct(deps: ConductDeps) {
  const { config, title, driver, contact, parcels, tell } = deps;

  async function run(job: JobToRun, observer: JobObserver): Promise<JobOutcome> {
    const name = `slipway-${job.id}-${job.attempt}`;
    try {
      const handle = job.handle ?? (await handOver(name, job, observer));
      return handle === null ? cancelledOutcome() : await watch({ name, handle, job, observer });
    } catch (error) {
      if (observer.letGo.aborted) {
        return cancelledOutcome();
      }
      if (error instanceof EngineRefused) {
        return failedOutcome('engine_refused', `${title} does not take the job: ${error.message}. See \`${config.name}\` in engines.yaml, and what the step asks for.`);
      }
      if (error instanceof NotPackable) {
        return failedOutcome(error.code, error.message);
      }
      throw error;
    }
  }

  /** Gives the engine's id; null where it was cancelled before the engine had it. */
  async function handOver(name: string, job: JobToRun, observer: JobObserver): Promise<string | null> {
    // Laid out already: a daemon before this one may have handed it over without hearing so.
    let mayBeThere = await parcels.isPacked(name);
    const runner = await parcels.pack(name, job);
    const submitted = await contact.patiently(async () => {
      tell(contact.note());
      const known = mayBeThere ? await driver.find(name) : null;
      if (known !== null || observer.signal.aborted) {
        return known;
      }
      mayBeThere = true; // whatever becomes of the call
      return driver.submit(toEngineJob(name, job, runner));
    }, observer.letGo);
    if (submitted !== null) {
      await observer.onHandle(submitted);
    }
    return submitted;
  }

  function toEngineJob(name: string, job: JobToRun, runner: string) {
    const folder = parcels.onNodes(name);
    const { cpus, memoryBytes, timeoutMs } = job.spec.limits;
    return { name, label: job.label, command: [config.nodes.node, runner, folder], folder, outputFile: `${folder}/engine.log`, cpus, memoryBytes: memoryBytes + RUNNER_BYTES, gpus: job.gpuCount, gpuTypes: job.gpuTypes, ranks: job.spec.ranks ?? 1, timeoutMs };
  }

  async function watch({ name, handle, job, observer }: { name: string; handle: string; job: JobToRun; observer: JobObserver }): Promise<JobOutcome> {
    const paths = parcels.pathsOf(name);
    const { letGo: left } = observer;
    const followed = [followLog(paths.log, observer), followLive(paths.live, observer)];
    const asked = askNowAndThen(handle);
    const pulse = createPulse(paths.alive);
    let overSince: number | null = null;
    let stop: Stop | null = null;
    for (;;) {
      left.throwIfAborted();
      const outcome = await parcels.outcome(name);
      await Promise.all(followed.map(each => each.read()));
      if (outcome !== null) {
        return settle({ name, handle, outcome, stop, observer });
      }
      const state = await asked.state();
      tell(contact.note() ?? noteOf(state));
      if (state?.phase === 'ended' || state?.phase === 'gone') {
        overSince ??= Date.now();
        if (Date.now() - overSince > SHOWN_MS) {
          return stop === null ? judge(state, title, await parcels.complaints(name)) : stoppedOutcome(stop, job);
        }
      }
      if (stop === null && state?.phase === 'waiting' && state.isSuspended && (await isThere(paths.claim)) && (await pulse.silentMs()) > EVICTED_MS) {
        return { ...(await backToQueue(handle)), result: null };
      }
      stop ??= await whyStop(observer, paths.claim, job);
      if (stop !== null && overSince === null) {
        await pressStop(stop, paths, handle, state);
      }
      await sleep(LOOK_MS, undefined, { signal: left }).catch(() => undefined);
    }
  }

  /** The engine's word, asked less and less often; the last one while it is silent. */
  function askNowAndThen(handle: string) {
    let last: EngineState | null = null;
    let nextAt = 0;
    let waitMs = ASK_MS.first;
    return {
      async state(): Promise<EngineState | null> {
        if (Date.now() >= nextAt) {
          const now = await quietly(() => driver.look(handle));
          waitMs = now?.phase === last?.phase ? Math.min(waitMs * 1.5, ASK_MS.last) : ASK_MS.first;
          last = now ?? last;
          nextAt = Date.now() + waitMs;
        }
        return last;
      }
    };
  }

  async function quietly<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await contact.once(work);
    } catch (error) {
      if (error instanceof EngineSilent || error instanceof EngineRefused) {
        return null; // the job is there or not, whatever it makes of the question
      }
      throw error;
    }
  }

  /** Asks the runner first, so that log and notebook show where the step was; then the engine, again and again, for it may say that it did and not have done it. */
  async function pressStop(stop: Stop, paths: { cancel: string; claim: string }, handle: string, state: EngineState | null): Promise<void> {
    if (!stop.isAsked) {
      stop.isAsked = true;
      await writeFile(paths.cancel, '').catch(() => undefined);
    }
    const isWaiting = state?.phase === 'waiting' && !(await isThere(paths.claim));
    if (Date.now() >= stop.pressAt || (isWaiting && !stop.isPressed)) {
      stop.isPressed = true;
      stop.pressAt = Date.now() + STOP_MS;
      await quietly(() => driver.cancel(handle));
    }
  }

  async function settle({ name, handle, outcome, stop, observer }: { name: string; handle: string; outcome: ParcelOutcome; stop: Stop | null; observer: JobObserver }): Promise<JobOutcome> {
    const { result, stoppedBy } = outcome;
    await parcels.takeIn(name);
    if (stoppedBy === 'signal' && stop === null) {
      return { ...(await judgeAtEnd(handle, observer)), result };
    }
    if (stop?.why === 'timeout') {
      return { ...timedOut(stop.limitMs), result };
    }
    return { status: result.status, ...(result.error && { error: result.error }), result };
  }

  /** What the engine says of a job whose step it stopped. */
  async function judgeAtEnd(handle: string, { letGo: left, signal }: JobObserver): Promise<JobOutcome> {
    for (;;) {
      const state = await contact.patiently(() => driver.look(handle), left);
      if (state.phase === 'ended' || state.phase === 'gone') {
        return judge(state, title, '');
      }
      if (state.phase === 'waiting' && state.isSuspended) {
        return backToQueue(handle);
      }
      if (signal.aborted) {
        await quietly(() => driver.cancel(handle));
        return cancelledOutcome();
      }
      await sleep(ASK_MS.first, undefined, { signal: left });
    }
  }

  /** Its queue took the place of a job that had begun. Admitted again it would find its step begun: it is removed, and the next attempt is a job of its own. */
  async function backToQueue(handle: string): Promise<JobOutcome> {
    await quietly(() => driver.cancel(handle));
    return judge({ phase: 'ended', end: 'preempted', message: 'Its queue suspended the job.' }, title, '');
  }

  return { run };
}

interface Stop {
  why: 'cancelled' | 'timeout';
  limitMs: number;
  isAsked: boolean;
  isPressed: boolean;
  pressAt: number;
}

/** Cancelled by somebody, or still there long after it should have stopped itself. */
async function whyStop(observer: JobObserver, claim: string, job: JobToRun): Promise<Stop | null> {
  const { timeoutMs } = job.spec.limits;
  const stop = (why: Stop['why']): Stop => ({ why, limitMs: timeoutMs, isAsked: false, isPressed: false, pressAt: Date.now() + STOP_MS });
  if (observer.signal.aborted) {
    return stop('cancelled');
  }
  const startedMs = (await stat(claim).catch(() => null))?.mtimeMs;
  return startedMs !== undefined && Date.now() - startedMs > timeoutMs + HUNG_MS ? stop('timeout') : null;
}

function stoppedOutcome(stop: Stop, job: JobToRun): JobOutcome {
  return stop.why === 'cancelled' ? cancelledOutcome() : timedOut(job.spec.limits.timeoutMs);
}

function timedOut(limitMs: number): JobOutcome {
  return failedOutcome('step_timeout', `The step did not end within ${Math.round(limitMs / 1000)} s and was stopped.`);
}

function noteOf(state: EngineState | null): string | null {
  return state?.phase === 'waiting' ? `Handed over; waits in the engine’s queue${state.detail === null ? '' : `: ${state.detail}`}.` : null;
}

/** For how long, by our own clock, nobody has touched the file. */
function createPulse(path: string) {
  let seen: number | undefined;
  let at = Date.now();
  return {
    async silentMs(): Promise<number> {
      const touchedMs = (await stat(path).catch(() => null))?.mtimeMs;
      if (touchedMs !== seen) {
        seen = touchedMs;
        at = Date.now();
      }
      return Date.now() - at;
    }
  };
}

const isThere = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);
