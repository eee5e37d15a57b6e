import { Book } from './book';
import { createTopology, type ClusterNode, type Topology } from './cluster';
import { flavoursOf, licencesOf, type Demand } from './demand';
import { NOTHING_CLOSED, place } from './placement';
import { count, gib } from './words';

const known = new WeakMap<Topology, { empty: Book; answers: WeakMap<Demand, Map<boolean, string | null>> }>();

/** Why the demand can never be met, even with all nodes empty and none drained or away; null when it can. */
export function whyNever(demand: Demand, topology: Topology, isPreemptible: boolean): string | null {
  let cached = known.get(topology);
  if (!cached) {
    const undrained = createTopology(topology.nodes.map(n => ({ ...n, isDrained: false, awaySince: null })), topology.licences);
    known.set(topology, (cached = { empty: Book.empty(undrained), answers: new WeakMap() }));
  }
  const answers = cached.answers.get(demand) ?? new Map<boolean, string | null>();
  let answer = answers.get(isPreemptible);
  if (answer === undefined) {
    const allocation = place(demand, [cached.empty], { isPreemptible, closed: NOTHING_CLOSED });
    answer = allocation === null ? sentence(demand, cached.empty.topology, isPreemptible) : null;
    cached.answers.set(demand, answers.set(isPreemptible, answer));
  }
  return answer;
}

/** Those of the nodes that are there now, as a topology of their own. */
function hereOf(topology: Topology): Topology {
  let here = hereIn.get(topology);
  if (!here) {
    const nodes = topology.nodes.filter(n => n.awaySince === null);
    hereIn.set(topology, (here = nodes.length === topology.nodes.length ? topology : createTopology(nodes, topology.licences)));
  }
  return here;
}

const hereIn = new WeakMap<Topology, Topology>();

/** The nodes, seen last first, without which the demand can never be met: one that would do with those that are there, else all that are away. null when it needs none of them. */
export function awaited(demand: Demand, topology: Topology, isPreemptible: boolean): ClusterNode[] | null {
  const here = hereOf(topology);
  if (here === topology || whyNever(demand, here, isPreemptible) === null) {
    return null;
  }
  const away = topology.nodes.filter(n => n.awaySince !== null).sort((a, b) => b.awaySince! - a.awaySince!);
  const one = away.find(node => whyNever(demand, createTopology([...here.nodes, node], topology.licences), isPreemptible) === null);
  return one ? [one] : away;
}

/** Why there are never as many licences as it asks for; null when there are. */
export function licenceNever(demand: Demand, { licences }: Pick<Topology, 'licences'>): string | null {
  for (const [name, asked] of Object.entries(licencesOf(demand))) {
    const there = licences[name] ?? 0;
    if (asked > there) {
      return `It asks for ${count(asked, 'licence')} of ${name}; there ${there === 1 ? 'is' : 'are'} ${there === 0 ? 'none' : `only ${there}`}.`;
    }
  }
  return null;
}

function sentence(demand: Demand, topology: Topology, isPreemptible: boolean): string {
  const here = topology.nodes.length === 1 ? 'this machine' : 'the cluster';
  const licence = licenceNever(demand, topology);
  if (licence !== null) {
    return licence;
  }
  const { nodes } = topology;
  const most = (of: (node: ClusterNode) => number): number => Math.max(0, ...nodes.map(of));
  const largest = nodes.length === 1 ? 'this machine has only' : 'the largest node has only';
  if (demand.cpus > most(n => n.cpus)) {
    return `It asks for ${count(demand.cpus, 'CPU')}; ${largest} ${most(n => n.cpus)}.`;
  }
  if (demand.memoryBytes > most(n => n.memoryBytes)) {
    return `It asks for ${gib(demand.memoryBytes)} of memory; ${largest} ${gib(most(n => n.memoryBytes))}.`;
  }
  if (demand.scratchBytes > most(n => n.scratchBytes)) {
    return `It asks for ${gib(demand.scratchBytes)} of scratch; ${largest} ${gib(most(n => n.scratchBytes))}.`;
  }
  return gpuSentence(demand, topology, here) ?? restSentence(demand, topology, here, isPreemptible);
}

function gpuSentence(demand: Demand, topology: Topology, here: string): string | null {
  if (demand.gpus === 0) {
    return null;
  }
  const asked = gpuWords(demand);
  const fitting = new Set(flavoursOf(demand, topology).flat());
  const there = topology.kindOf.map(kinds => kinds.filter(kind => fitting.has(kind)).length);
  const most = Math.max(0, ...there);
  if (fitting.size > 0 && demand.gpus <= most) {
    return null;
  }
  const other = topology.kinds.map(k => k.migProfile ?? k.type);
  const has = fitting.size > 0 ? `only ${most}${topology.nodes.length === 1 ? '' : ' on one node'}` : other.length === 0 ? 'none' : `only ${[...new Set(other)].join(', ')}`;
  return `It asks for ${asked}; ${here} has ${has}.`;
}

function restSentence(demand: Demand, topology: Topology, here: string, isPreemptible: boolean): string {
  if (!isPreemptible && topology.nodes.some(n => n.isSpot)) {
    return `Only spot nodes have what it asks for, and it may not be preempted.`;
  }
  return demand.ranks > 1 ? `Its ${demand.ranks} ranks do not fit into ${here} at once.` : `No one node of ${here} has all it asks for together.`;
}

/** `2 GPUs (H100 or A100, 40 GiB)`. */
export function gpuWords(demand: Demand): string {
  const what = demand.migProfile ? count(demand.gpus, `${demand.migProfile} slice`) : demand.gpus < 1 ? `${demand.gpus} of a GPU` : count(demand.gpus, 'GPU');
  const of = [demand.gpuTypes.join(' or '), demand.gpuMemoryBytes > 0 ? gib(demand.gpuMemoryBytes) : ''].filter(Boolean).join(', ');
  return of ? `${what} (${of})` : what;
}
