import { formatInstant } from '../../core/format-instant';
import { Book } from './book';
import type { Blocked } from './decision';
import { gpuWords } from './feasibility';
import { place, NOTHING_CLOSED } from './placement';
import type { ClusterNode } from './cluster';
import { flavoursOf, type Demand } from './demand';
import type { ClusterState } from './state';
import { amount, count, gib } from './words';

/** Why a job waits, in one sentence for its owner. `labelOf` names a job for people. */
export function whyPending(blocked: Blocked, demand: Demand, isPreemptible: boolean, state: ClusterState, labelOf: (jobId: string) => string): string {
  switch (blocked.kind) {
    case 'quota':
      return `Waits for its project’s quota: ${blocked.amount === 'memoryBytes' ? `${gib(blocked.limit)} of memory` : count(blocked.limit, QUOTA_WORDS[blocked.amount])} at once.`;
    case 'array':
      return `Waits for others of its array: ${blocked.maxParallel} run at once.`;
    case 'licence':
      return `Waits for a licence of ${blocked.name}: ${blocked.free} of ${blocked.total} free.`;
    case 'kept':
      return `Waits for ${labelOf(blocked.forJob)}, whose turn is before: the room is kept for it.`;
    case 'closed':
      return 'Waits for nodes that are reserved for another project, or drained.';
    case 'away':
      return waitsForAway(blocked.nodes);
    case 'room': {
      const lack = lackOf(demand, state, isPreemptible);
      return blocked.leaving > 0 ? `${lack} ${count(blocked.leaving, 'other job')} ${blocked.leaving === 1 ? 'makes' : 'make'} room for it.` : lack;
    }
  }
}

/** `Waits for gpu-1, not seen since 2026-03-01 14:02 UTC.` */
export function waitsForAway(nodes: readonly ClusterNode[]): string {
  const since = (node: ClusterNode): string => formatInstant(new Date(node.awaySince ?? 0), 'yyyy-MM-dd HH:mm', 'UTC');
  return `Waits for ${nodes.map(node => `${node.name}, not seen since ${since(node)} UTC`).join(', and ')}.`;
}

const QUOTA_WORDS = { cpus: 'CPU', gpus: 'GPU' } as const;

/** What there is too little of, by adding each of it alone. */
function lackOf(demand: Demand, state: ClusterState, isPreemptible: boolean): string {
  const book = Book.empty(state.topology);
  state.running.forEach(job => book.take(job.allocation));
  const { total } = state.topology;
  const alone = (part: Partial<Demand>): boolean =>
    place({ ...demand, gpus: 0, cpus: 1e-6, memoryBytes: 1, scratchBytes: 0, licences: {}, ...part }, [book], { isPreemptible, closed: NOTHING_CLOSED }) !== null;
  const free = (of: (node: Book['nodes'][number]) => number): number => Math.max(0, hereIn(book).reduce((sum, node) => sum + of(node), 0));
  const ranks = demand.ranks === 1 ? '' : ` for each of ${demand.ranks} ranks`;
  if (demand.gpus > 0 && !alone({ gpus: demand.gpus })) {
    const kinds = [...new Set(flavoursOf(demand, state.topology).flat())]; // a slice, or another type, is no room for it
    const of = (book: Book): number => hereIn(book).reduce((sum, node) => sum + kinds.reduce((some, kind) => some + node.wholeByKind[kind]!, 0), 0);
    return `Waits for ${gpuWords(demand)}${ranks}: ${of(book)} of ${of(Book.empty(state.topology))} free.`;
  }
  if (!alone({ cpus: demand.cpus })) {
    return `Waits for ${count(demand.cpus, 'CPU')}${ranks}: ${amount(free(n => n.cpus))} of ${amount(total.cpus)} free.`;
  }
  if (!alone({ memoryBytes: demand.memoryBytes })) {
    return `Waits for ${gib(demand.memoryBytes)} of memory${ranks}: ${gib(free(n => n.memoryBytes))} of ${gib(total.memoryBytes)} free.`;
  }
  if (demand.scratchBytes > 0 && !alone({ scratchBytes: demand.scratchBytes })) {
    return `Waits for ${gib(demand.scratchBytes)} of scratch${ranks}.`;
  }
  return 'Waits until one node has all it asks for free together.';
}

const hereIn = ({ nodes, topology }: Book): Book['nodes'][number][] => nodes.filter((_, i) => topology.nodes[i]!.awaySince === null);
