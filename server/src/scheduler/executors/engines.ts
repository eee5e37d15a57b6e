import type { Engine } from '@slipway/schema';
import type { Executor } from '../executor';
import type { Amounts, Demand } from '../policy';
import type { JobRow } from '../tables';

/** The engines of the daemon's configuration, as the scheduler's worker sees them. */
export interface Engines {
  readonly names: readonly string[];
  /** At least so much is there, all together: of each what one job may have. */
  readonly size: Amounts;
  /** @throws where there is none of that name */
  executorOf(name: string): Executor;
  /** How many more jobs an engine may have, beside those `running` there. */
  roomOn(name: string, running: number): number;
  /** Why the engine can never run what asks for this, however long it waits; null when it can. @throws where there is none of that name */
  whyNever(name: string, demand: Demand): string | null;
  /** Why a job in our own queue waits, in a sentence; `heldBack`: what its quota or array says to it. */
  pendingReason(job: JobRow, heldBack: string | null): string;
  /** What is to be told of a job that was handed over: that it waits there, or that the engine is silent; null = it runs. */
  noteOf(jobId: string): string | null;
  /** The job has left the engine. */
  forget(jobId: string): void;
  list(): Promise<EngineState[]>;
}

/** What an engine tells of itself; our jobs there are counted where all daemons put theirs. */
export type EngineState = Omit<Engine, 'running' | 'waiting' | 'held'>;

/** Where the configuration names no engine. */
export const NO_ENGINES: Engines = {
  names: [],
  size: { cpus: 0, memoryBytes: 0, gpus: 0 },
  executorOf(name) {
    throw new Error(`There is no engine ${name}.`);
  },
  roomOn: () => 0,
  whyNever: () => null,
  pendingReason: job => unknownEngine(job.engine ?? ''),
  noteOf: () => null,
  forget: () => undefined,
  list: async () => []
};

/** What is told of a job whose engine this daemon does not know. */
export function unknownEngine(name: string): string {
  return `Waits for the engine “${name}”, which is not in this daemon’s configuration: name it in engines.yaml of Slipway’s home and start the daemon again.`;
}
