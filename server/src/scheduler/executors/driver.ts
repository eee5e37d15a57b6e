/** How an engine's job ended, as far as the engine knows; a step tells more of itself in its outcome. */
export type EngineEnd = 'succeeded' | 'failed' | 'cancelled' | 'out_of_memory' | 'timeout' | 'node_lost' | 'preempted';

export type EngineState =
  /** In the engine's queue; why, in its own words. `isSuspended`: its queue has not admitted it, or has taken its place away. */
  | { phase: 'waiting'; detail: string | null; isSuspended?: boolean }
  | { phase: 'running' }
  | { phase: 'ended'; end: EngineEnd; message: string }
  /** The engine does not know the job (any more). */
  | { phase: 'gone' };

/** What an engine is asked to run, once. Paths are as its nodes see them. */
export interface EngineJob {
  /** Unique, the same for the same attempt: what it is found by when nobody heard the engine's answer. */
  name: string;
  label: string;
  command: readonly string[];
  folder: string;
  outputFile: string;
  cpus: number;
  memoryBytes: number;
  gpus: number;
  /** Models that will do, the best first; none = any. */
  gpuTypes: readonly string[];
  /** So many processes of it, each with all the above; they find one another in the folder. */
  ranks: number;
  /** The step stops itself well before: for an engine that can end what hangs. */
  timeoutMs: number;
}

/** One kind of engine. Each call is one question; patience and what follows from the answers is `conduct`'s. */
export interface EngineDriver {
  /** Gives the engine's id of the job. @throws {EngineRefused | EngineSilent} */
  submit(job: EngineJob): Promise<string>;
  /** The id of the job of that name, where the engine has one. @throws {EngineSilent} */
  find(name: string): Promise<string | null>;
  /** @throws {EngineSilent} */
  look(handle: string): Promise<EngineState>;
  /** Asks for its end; whether it came is to be looked at. @throws {EngineSilent} */
  cancel(handle: string): Promise<void>;
  /** @throws {EngineRefused | EngineSilent} */
  ping(): Promise<void>;
}

/** The engine answered, and will never run this as it is. */
export class EngineRefused extends Error {}
/** The engine did not answer, or not as it does when it is well: asking again later may help. */
export class EngineSilent extends Error {}
