import type { Topology } from './cluster';

/** What one job holds, node by node. */
export interface Allocation {
  parts: readonly AllocationPart[];
  licences: Readonly<Record<string, number>>;
}

export interface AllocationPart {
  nodeId: string;
  ranks: number;
  cpus: number;
  memoryBytes: number;
  scratchBytes: number;
  /** With the share of it that is held: 1 but for a job that asked for less than one GPU. */
  devices: readonly { id: string; share: number }[];
}

export interface NodeBook {
  cpus: number;
  memoryBytes: number;
  scratchBytes: number;
  /** Free share of each device. */
  devices: number[];
  /** Devices free as a whole, by kind. */
  wholeByKind: number[];
}

/** Sums of shares are compared with this much to spare. */
export const EPSILON = 1e-9;

/**
 * What is free, node by node. Amounts may fall below zero in a book of the
 * future, where two jobs expect the same thing: that is simply not free.
 */
export class Book {
  private constructor(
    readonly topology: Topology,
    readonly nodes: NodeBook[],
    readonly licences: Record<string, number>
  ) {}

  static empty(topology: Topology): Book {
    const nodes = topology.nodes.map((node, n) => {
      const wholeByKind = topology.kinds.map(() => 0);
      topology.kindOf[n]!.forEach(kind => (wholeByKind[kind]! += 1));
      return { cpus: node.cpus, memoryBytes: node.memoryBytes, scratchBytes: node.scratchBytes, devices: node.devices.map(() => 1), wholeByKind };
    });
    return new Book(topology, nodes, { ...topology.licences });
  }

  copy(): Book {
    const nodes = this.nodes.map(n => ({ cpus: n.cpus, memoryBytes: n.memoryBytes, scratchBytes: n.scratchBytes, devices: n.devices.slice(), wholeByKind: n.wholeByKind.slice() }));
    return new Book(this.topology, nodes, { ...this.licences });
  }

  take(allocation: Allocation): void {
    this.change(allocation, -1);
  }

  release(allocation: Allocation): void {
    this.change(allocation, 1);
  }

  private change(allocation: Allocation, sign: 1 | -1): void {
    for (const part of allocation.parts) {
      const index = this.topology.indexOf.get(part.nodeId);
      if (index === undefined) {
        continue; // the node is gone, and what was held on it with it
      }
      const node = this.nodes[index]!;
      node.cpus += sign * part.cpus;
      node.memoryBytes += sign * part.memoryBytes;
      node.scratchBytes += sign * part.scratchBytes;
      for (const { id, share } of part.devices) {
        this.changeDevice(index, node, id, sign * share);
      }
    }
    for (const [name, count] of Object.entries(allocation.licences)) {
      this.licences[name] = (this.licences[name] ?? 0) + sign * count;
    }
  }

  private changeDevice(index: number, node: NodeBook, id: string, change: number): void {
    const d = this.topology.deviceIndexOf[index]!.get(id);
    if (d === undefined) {
      return;
    }
    const before = node.devices[d]!;
    const after = Math.abs(before + change) < EPSILON ? 0 : Math.abs(before + change - 1) < EPSILON ? 1 : before + change;
    node.devices[d] = after;
    node.wholeByKind[this.topology.kindOf[index]![d]!]! += Number(after >= 1) - Number(before >= 1);
  }
}
