import type { Allocation } from './book';
import type { ClusterNode } from './cluster';

/** Why a queued job was not started in a round. */
export type Blocked =
  | { kind: 'quota'; amount: 'cpus' | 'memoryBytes' | 'gpus'; limit: number }
  | { kind: 'array'; maxParallel: number }
  | { kind: 'licence'; name: string; free: number; total: number }
  /** Not enough is free; so many others have been told to make room. */
  | { kind: 'room'; leaving: number }
  /** There is room, kept for a job whose turn comes first. */
  | { kind: 'kept'; forJob: string }
  /** There is room, reserved or drained. */
  | { kind: 'closed' }
  /** Only these nodes have what it asks for, and they are not there now. */
  | { kind: 'away'; nodes: readonly ClusterNode[] };

export interface Decisions {
  starts: { jobId: string; allocation: Allocation }[];
  preempts: { jobId: string; forJob: string | null; reason: 'reclaim' | 'priority' | 'reservation' }[];
  /** Can never start here, however long they wait. */
  infeasible: { jobIds: string[]; reason: string }[];
  /** By the key of the line. */
  blocked: Map<string, Blocked>;
  /** When room is expected for the jobs it is kept for. */
  keptFor: Map<string, number>;
}
