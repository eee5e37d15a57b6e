import type { Amounts, Topology } from './cluster';
import type { RunningJob } from './job';
import type { Quota } from './quota';
import type { Reservation } from './reservation';
import type { PolicySettings } from './settings';
import type { Usage } from './shares';

/** All that a round of decisions looks at beside the queue; it changes none of it. */
export interface ClusterState {
  topology: Topology;
  /** On the nodes, and with nothing allocated those that engines have. */
  running: ReadonlyMap<string, RunningJob>;
  /** All there is, as shares are told against it: the nodes, and what is known of engines. */
  measure: Amounts;
  quotas: ReadonlyMap<string, Quota>;
  usage: ReadonlyMap<string, Usage>;
  reservations: readonly Reservation[];
  settings: PolicySettings;
  /** Nodes another scheduler gives out: known, and never chosen here. */
  othersNodes: ReadonlySet<string>;
}
