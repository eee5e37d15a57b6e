import type { Closed } from './placement';
import { NOTHING_CLOSED } from './placement';

/** A window in which nodes, or single GPUs of them, are a project's alone. */
export interface Reservation {
  id: string;
  project: string;
  from: number;
  until: number;
  nodeIds: readonly string[];
  /** Empty: the nodes as a whole. */
  deviceIds: readonly string[];
}

/**
 * What a job of the project may not touch if it runs from `start` to `end`. A
 * preemptible job may run into a window: it is stopped when that begins.
 */
export function closedTo(reservations: readonly Reservation[], job: { project: string; isPreemptible: boolean }, start: number, end: number): Closed {
  const against = reservations.filter(r => r.project !== job.project && r.until > start && r.from < (job.isPreemptible ? start + 1 : end));
  if (against.length === 0) {
    return NOTHING_CLOSED;
  }
  const closed = new Map<string, 'all' | Set<string>>();
  for (const { nodeIds, deviceIds } of against) {
    for (const nodeId of nodeIds) {
      const before = closed.get(nodeId);
      if (deviceIds.length === 0 || before === 'all') {
        closed.set(nodeId, 'all');
      } else {
        closed.set(nodeId, new Set([...(before ?? []), ...deviceIds]));
      }
    }
  }
  return closed;
}
