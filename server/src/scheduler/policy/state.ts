import type { Topology } from './cluster';
import type { RunningJob } from './job';
import type { Quota } from './quota';
import type { Reservation } from './reservation';
import type { PolicySettings } from './settings';
import type { Usage } from './shares';

/** All that a round of decisions looks at beside the queue; it changes none of it. */
export interface ClusterState {
  topology: Topology;
  running: ReadonlyMap<string, RunningJob>;
  quotas: ReadonlyMap<string, Quota>;
  usage: ReadonlyMap<string, Usage>;
  reservations: readonly Reservation[];
  settings: PolicySettings;
  /** Nodes another scheduler gives out: known, and never chosen here. */
  othersNodes: ReadonlySet<string>;
}
