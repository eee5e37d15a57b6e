/** One GPU, or one MIG slice of a GPU. */
export interface Device {
  /** UUID, as `CUDA_VISIBLE_DEVICES` takes it. */
  id: string;
  /** The model's name, e.g. `NVIDIA H100 80GB HBM3`. */
  type: string;
  memoryBytes: number;
  /** `1g.10gb`; null for a whole GPU. */
  migProfile: string | null;
}

/** A machine that runs jobs. */
export interface ClusterNode {
  id: string;
  name: string;
  cpus: number;
  memoryBytes: number;
  scratchBytes: number;
  devices: readonly Device[];
  /** May be taken away at any time: only preemptible jobs go there, and there last. */
  isSpot: boolean;
  /** Gets nothing new; what runs there runs on. */
  isDrained: boolean;
  /** When it was last seen, of one that is not there now: it gets nothing, and may come back. */
  awaySince: number | null;
}

/** Devices that are alike: the same model, memory and MIG profile. */
export interface DeviceKind {
  type: string;
  memoryBytes: number;
  migProfile: string | null;
}

export interface Topology {
  nodes: readonly ClusterNode[];
  indexOf: ReadonlyMap<string, number>;
  /** Where each of a node's devices stands in its list. */
  deviceIndexOf: readonly ReadonlyMap<string, number>[];
  /** Named counters, each so many at once. */
  licences: Readonly<Record<string, number>>;
  /** Least memory first, so that a large GPU is not spent on who would take any. */
  kinds: readonly DeviceKind[];
  /** The kind of each node's each device. */
  kindOf: readonly (readonly number[])[];
  /** How much of all there is on the nodes that are there, in whole GPUs where slices count by their share. */
  total: Amounts;
}

/** What quotas and shares are counted in. */
export interface Amounts {
  cpus: number;
  memoryBytes: number;
  gpus: number;
}

/** Indexes what does not change from round to round. */
export function createTopology(nodes: readonly ClusterNode[], licences: Readonly<Record<string, number>> = {}): Topology {
  const byKey = new Map<string, DeviceKind>();
  for (const device of nodes.flatMap(n => n.devices)) {
    byKey.set(keyOf(device), { type: device.type, memoryBytes: device.memoryBytes, migProfile: device.migProfile });
  }
  const kinds = [...byKey.values()].sort((a, b) => a.memoryBytes - b.memoryBytes || a.type.localeCompare(b.type));
  const indexes = new Map(kinds.map((kind, i) => [keyOf(kind), i]));
  const here = nodes.filter(n => n.awaySince === null);
  return {
    nodes,
    indexOf: new Map(nodes.map((n, i) => [n.id, i])),
    deviceIndexOf: nodes.map(n => new Map(n.devices.map((d, i) => [d.id, i]))),
    licences,
    kinds,
    kindOf: nodes.map(n => n.devices.map(d => indexes.get(keyOf(d))!)),
    total: {
      cpus: here.reduce((sum, n) => sum + n.cpus, 0),
      memoryBytes: here.reduce((sum, n) => sum + n.memoryBytes, 0),
      gpus: here.reduce((sum, n) => sum + n.devices.reduce((gpus, d) => gpus + gpuWeight(d.migProfile), 0), 0)
    }
  };
}

/** How much of a whole GPU a device is: a `2g.20gb` slice has two of seven compute slices. */
export function gpuWeight(migProfile: string | null): number {
  return migProfile === null ? 1 : Math.min(1, Number.parseInt(migProfile, 10) / 7);
}

const keyOf = (kind: DeviceKind): string => `${kind.type}|${kind.memoryBytes}|${kind.migProfile ?? ''}`;
