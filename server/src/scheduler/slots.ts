import type { Gpu } from './gpus';

/** What this machine has for jobs. */
export interface Capacity {
  cpus: number;
  memoryBytes: number;
  gpus: readonly Gpu[];
}

/** What one job asks for; a job holds all of it from its claim to its end. */
export interface Demand {
  cpus: number;
  memoryBytes: number;
  gpus: number;
}

export interface Candidate extends Demand {
  id: string;
  createdAt: Date;
}

export interface Choice {
  granted: { id: string; gpus: string[] }[];
  /** Never fits, however long it waits; with the reason. */
  infeasible: { id: string; reason: string }[];
}

/** After this long at the head of the queue a job is no longer overtaken by smaller ones. */
const PATIENCE_MS = 30_000;

export type Slots = ReturnType<typeof createSlots>;

/** Counts what is given out on one machine, so that nothing is given out twice. */
export function createSlots(capacity: Capacity) {
  const held = new Map<string, Demand & { gpuIds: string[] }>();

  function used() {
    let cpus = 0;
    let memoryBytes = 0;
    const gpuIds = new Set<string>();
    for (const demand of held.values()) {
      cpus += demand.cpus;
      memoryBytes += demand.memoryBytes;
      demand.gpuIds.forEach(id => gpuIds.add(id));
    }
    return { cpus, memoryBytes, gpuIds };
  }

  return {
    capacity,
    used,
    /** False when not even the smallest job would find room. */
    hasRoom: (): boolean => used().cpus < capacity.cpus && used().memoryBytes < capacity.memoryBytes,
    /** Takes what fits from `candidates` (best first) and holds it until `release`. */
    grant(candidates: readonly Candidate[], now: Date): Choice {
      const choice: Choice = { granted: [], infeasible: [] };
      for (const candidate of candidates) {
        const reason = whyNever(candidate, capacity);
        if (reason !== null) {
          choice.infeasible.push({ id: candidate.id, reason });
          continue;
        }
        const taken = used();
        const freeGpus = capacity.gpus.filter(g => !taken.gpuIds.has(g.uuid)).map(g => g.uuid);
        if (whyNotNow(candidate, capacity, { ...taken, gpus: capacity.gpus.length - freeGpus.length }) === null) {
          const gpuIds = freeGpus.slice(0, candidate.gpus);
          held.set(candidate.id, { ...candidate, gpuIds });
          choice.granted.push({ id: candidate.id, gpus: gpuIds });
        } else if (now.getTime() - candidate.createdAt.getTime() > PATIENCE_MS) {
          break; // what frees up now is kept for this one
        }
      }
      return choice;
    },
    release(id: string): void {
      held.delete(id);
    }
  };
}

/** Why the demand can never be met here; null when it can. */
export function whyNever(demand: Demand, capacity: Capacity): string | null {
  if (demand.gpus > capacity.gpus.length) {
    const there = capacity.gpus.length === 0 ? 'none' : `only ${capacity.gpus.length}`;
    return `It asks for ${count(demand.gpus, 'GPU')}; this machine has ${there}.`;
  }
  if (demand.cpus > capacity.cpus) {
    return `It asks for ${count(demand.cpus, 'CPU')}; this machine has only ${capacity.cpus}.`;
  }
  if (demand.memoryBytes > capacity.memoryBytes) {
    return `It asks for ${gib(demand.memoryBytes)} of memory; this machine has only ${gib(capacity.memoryBytes)}.`;
  }
  return null;
}

/** Why the demand cannot be met at the moment; null when it can. */
export function whyNotNow(demand: Demand, capacity: Capacity, used: Demand): string | null {
  const free = { cpus: capacity.cpus - used.cpus, memoryBytes: capacity.memoryBytes - used.memoryBytes, gpus: capacity.gpus.length - used.gpus };
  if (demand.gpus > free.gpus) {
    return `Waits for ${count(demand.gpus, 'GPU')}: ${free.gpus} of ${capacity.gpus.length} free.`;
  }
  if (demand.cpus > free.cpus + 1e-9) {
    return `Waits for ${count(demand.cpus, 'CPU')}: ${round(free.cpus)} of ${capacity.cpus} free.`;
  }
  if (demand.memoryBytes > free.memoryBytes) {
    return `Waits for ${gib(demand.memoryBytes)} of memory: ${gib(free.memoryBytes)} of ${gib(capacity.memoryBytes)} free.`;
  }
  return null;
}

const round = (n: number): number => Math.round(n * 100) / 100;
const count = (n: number, noun: string): string => `${round(n)} ${noun}${n === 1 ? '' : 's'}`;
const gib = (bytes: number): string => `${round(bytes / 2 ** 30)} GiB`;
