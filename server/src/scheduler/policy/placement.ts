import { EPSILON, type Allocation, type AllocationPart, type Book } from './book';
import { flavoursOf, licencesOf, type Demand } from './demand';

/** What a job may not use for now: whole nodes, or single devices of them. */
export type Closed = ReadonlyMap<string, 'all' | ReadonlySet<string>>;
export const NOTHING_CLOSED: Closed = new Map();

export interface PlacementOptions {
  /** Preemptible jobs go to spot nodes where nothing else is free. */
  isPreemptible: boolean;
  closed: Closed;
  /** For the question whether a drain is what keeps a job waiting. */
  mayUseDrained?: boolean;
}

/**
 * Finds room for all ranks of a job in every one of the books at once (now, and
 * at the times others are expected to start), or null. Flavours are tried in
 * the order they were asked for; within one, the fullest node that will do is
 * taken, so that large gaps stay whole. Takes nothing.
 */
export function place(demand: Demand, books: readonly Book[], options: PlacementOptions): Allocation | null {
  const [book] = books as [Book];
  if (books.some(b => Object.entries(demand.licences).some(([name, count]) => (b.licences[name] ?? 0) < count * demand.ranks))) {
    return null;
  }
  for (const kinds of flavoursOf(demand, book.topology)) {
    for (const isSpot of options.isPreemptible ? [false, true] : [false]) {
      const rooms = roomsOn(demand, books, kinds, isSpot, options);
      const parts = demand.ranks === 1 ? single(rooms) : gang(rooms, demand.ranks);
      if (parts) {
        const licences = licencesOf(demand);
        return { parts: parts.map(([room, ranks]) => partOf(demand, books, room, ranks, kinds, options.closed)), licences };
      }
    }
  }
  return null;
}

/** A node that has room, and for how many ranks. */
interface Room {
  node: number;
  ranks: number;
  /** Free devices of the kinds wanted, then free CPUs: what is left over counts against a node. */
  freeDevices: number;
  freeCpus: number;
}

function roomsOn(demand: Demand, books: readonly Book[], kinds: readonly number[], isSpot: boolean, { closed, mayUseDrained }: PlacementOptions): Room[] {
  const rooms: Room[] = [];
  const [book] = books as [Book];
  const { nodes } = book.topology;
  for (let n = 0; n < nodes.length; n++) {
    const node = nodes[n]!;
    if (node.awaySince !== null || (node.isDrained && !mayUseDrained) || node.isSpot !== isSpot || (closed.size > 0 && closed.get(node.id) === 'all')) {
      continue;
    }
    if (demand.gpus >= 1 && wholeOf(book, n, kinds) < demand.gpus) {
      continue; // in a full cluster nearly all are, and this is the cheapest question
    }
    let ranks = demand.ranks;
    for (const b of books) {
      ranks = Math.min(ranks, ranksByAmounts(demand, b, n));
    }
    if (ranks < 1) {
      continue;
    }
    let free = 0;
    if (demand.gpus === 0) {
      free = wholeFree(book, n);
    } else {
      free = devicesFor(demand, books, n, kinds, closed);
      ranks = Math.min(ranks, demand.gpus < 1 ? free : Math.floor(free / demand.gpus));
    }
    if (ranks >= 1) {
      rooms.push({ node: n, ranks, freeDevices: free, freeCpus: book.nodes[n]!.cpus });
    }
  }
  return rooms;
}

function ranksByAmounts(demand: Demand, book: Book, n: number): number {
  const free = book.nodes[n]!;
  const byScratch = demand.scratchBytes === 0 ? Infinity : free.scratchBytes / demand.scratchBytes;
  return Math.floor(Math.min((free.cpus + EPSILON) / demand.cpus, free.memoryBytes / demand.memoryBytes, byScratch));
}

function wholeOf(book: Book, n: number, kinds: readonly number[]): number {
  const { wholeByKind } = book.nodes[n]!;
  let sum = 0;
  for (const kind of kinds) {
    sum += wholeByKind[kind]!;
  }
  return sum;
}

function wholeFree(book: Book, n: number): number {
  let sum = 0;
  for (const free of book.nodes[n]!.wholeByKind) {
    sum += free;
  }
  return sum;
}

/** How many devices would do: whole ones, or for a share of one, how many such shares. */
function devicesFor(demand: Demand, books: readonly Book[], n: number, kinds: readonly number[], closed: Closed): number {
  const [book] = books as [Book];
  if (demand.gpus >= 1 && books.length === 1 && closed.size === 0) {
    return wholeOf(book, n, kinds);
  }
  const shut = closed.get(book.topology.nodes[n]!.id);
  const kindOf = book.topology.kindOf[n]!;
  let sum = 0;
  for (let d = 0; d < kindOf.length; d++) {
    if (kinds.includes(kindOf[d]!) && !isShut(shut, book, n, d)) {
      const share = freeShare(books, n, d);
      sum += demand.gpus >= 1 ? Number(share >= 1) : Math.max(0, Math.floor((share + EPSILON) / demand.gpus));
    }
  }
  return sum;
}

const isShut = (shut: ReturnType<Closed['get']>, book: Book, n: number, d: number): boolean =>
  shut !== undefined && (shut === 'all' || shut.has(book.topology.nodes[n]!.devices[d]!.id));

function freeShare(books: readonly Book[], n: number, d: number): number {
  let share = 1;
  for (const book of books) {
    share = Math.min(share, book.nodes[n]!.devices[d]!);
  }
  return share;
}

/** Devices of the kinds with what is free of them in all books, in the order the kinds are listed. */
function freeDevices(books: readonly Book[], n: number, kinds: readonly number[], closed: Closed): { id: string; share: number }[] {
  const [book] = books as [Book];
  const shut = closed.get(book.topology.nodes[n]!.id);
  const found = book.topology.nodes[n]!.devices.flatMap((device, d) => {
    const kind = kinds.indexOf(book.topology.kindOf[n]![d]!);
    const share = freeShare(books, n, d);
    return kind >= 0 && share > EPSILON && !isShut(shut, book, n, d) ? [{ id: device.id, share, kind }] : [];
  });
  return found.sort((a, b) => a.kind - b.kind);
}

function single(rooms: readonly Room[]): [Room, number][] | null {
  const [first, ...rest] = rooms;
  return first ? [[rest.reduce((best, room) => (isTighter(room, best) ? room : best), first), 1]] : null;
}

const isTighter = (a: Room, b: Room): boolean => (a.freeDevices - b.freeDevices || a.freeCpus - b.freeCpus) < 0;

/** All ranks on the tightest node that holds them all, else over the fewest nodes. */
function gang(rooms: readonly Room[], ranks: number): [Room, number][] | null {
  const whole = single(rooms.filter(room => room.ranks >= ranks));
  if (whole) {
    return [[whole[0]![0], ranks]];
  }
  const parts: [Room, number][] = [];
  let left = ranks;
  for (const room of [...rooms].sort((a, b) => b.ranks - a.ranks || a.node - b.node)) {
    const here = Math.min(left, room.ranks);
    parts.push([room, here]);
    left -= here;
    if (left === 0) {
      return parts;
    }
  }
  return null;
}

function partOf(demand: Demand, books: readonly Book[], room: Room, ranks: number, kinds: readonly number[], closed: Closed): AllocationPart {
  return {
    nodeId: books[0]!.topology.nodes[room.node]!.id,
    ranks,
    cpus: demand.cpus * ranks,
    memoryBytes: demand.memoryBytes * ranks,
    scratchBytes: demand.scratchBytes * ranks,
    devices: demand.gpus === 0 ? [] : pickDevices(demand, freeDevices(books, room.node, kinds, closed), ranks)
  };
}

function pickDevices(demand: Demand, free: { id: string; share: number }[], ranks: number): { id: string; share: number }[] {
  if (demand.gpus >= 1) {
    return free.filter(d => d.share >= 1).slice(0, demand.gpus * ranks).map(d => ({ id: d.id, share: 1 }));
  }
  const picked: { id: string; share: number }[] = [];
  for (const device of free.sort((a, b) => a.share - b.share)) { // begun ones first
    const count = Math.min(ranks, Math.floor((device.share + EPSILON) / demand.gpus));
    if (count > 0) {
      picked.push({ id: device.id, share: demand.gpus * count });
      ranks -= count;
    }
  }
  return picked;
}
