import type { Resources } from '@slipway/schema';
import { gpuWeight, type Amounts, type Topology } from './cluster';

/** What a job asks for; `ranks` times all the rest. */
export type Demand = Readonly<Resources>;

/** The same text for the same demand. */
export function demandKey(demand: Demand): string {
  const { cpus, memoryBytes, gpus, gpuTypes, gpuMemoryBytes, migProfile, scratchBytes, licences, ranks } = demand;
  const counters = Object.keys(licences).sort().map(name => `${name}=${licences[name]}`);
  return [cpus, memoryBytes, gpus, gpuTypes.join('+'), gpuMemoryBytes, migProfile ?? '', scratchBytes, counters.join('+'), ranks].join('|');
}

/** Asked for every line of a round, and most ask for none: makes nothing. */
export function asksLicences({ licences }: Demand): boolean {
  for (const _name in licences) {
    return true;
  }
  return false;
}

/** Licences of the whole gang, by their names. */
export function licencesOf({ licences, ranks }: Demand): Record<string, number> {
  return Object.fromEntries(Object.entries(licences).map(([name, count]) => [name, count * ranks]));
}

/** What the whole gang counts for in quotas and shares. */
export function amountsOf(demand: Demand): Amounts {
  const { ranks } = demand;
  return { cpus: demand.cpus * ranks, memoryBytes: demand.memoryBytes * ranks, gpus: demand.gpus * gpuWeight(demand.migProfile) * ranks };
}

/**
 * The kinds of devices that meet the demand, the best first: one entry for each
 * model named, or one of all that will do. A share of a GPU has that share of
 * its memory.
 */
export function flavoursOf(demand: Demand, topology: Topology): readonly number[][] {
  let known = flavours.get(topology);
  if (!known) {
    flavours.set(topology, (known = new WeakMap()));
  }
  let found = known.get(demand);
  if (!found) {
    known.set(demand, (found = findFlavours(demand, topology)));
  }
  return found;
}

/** Asked for again and again in every round; forgotten with the demand. */
const flavours = new WeakMap<Topology, WeakMap<Demand, number[][]>>();

function findFlavours(demand: Demand, topology: Topology): number[][] {
  if (demand.gpus === 0) {
    return [[]];
  }
  const share = Math.min(1, demand.gpus);
  const fits = topology.kinds.map(
    k => k.migProfile === demand.migProfile && k.memoryBytes * share >= demand.gpuMemoryBytes && (k.migProfile === null || share === 1)
  );
  const named = demand.gpuTypes.length > 0 ? demand.gpuTypes.map(t => t.toLowerCase()) : [''];
  return named.map(name => topology.kinds.flatMap((kind, i) => (fits[i] && kind.type.toLowerCase().includes(name) ? [i] : []))).filter(kinds => kinds.length > 0);
}
