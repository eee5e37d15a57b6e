import { toPolicyJob, type PolicyRow } from './demand-of';
import { createTopology, waitsForAway, whyNever, type ClusterNode, type Demand, type Topology } from './policy';

const nodesOf = new WeakMap<Topology, Topology[]>();

/** Why a gang can never start though the cluster has all it asks for: its ranks are started by one daemon, on one node. null for all else. */
export function gangNever(demand: Demand, isPreemptible: boolean, topology: Topology): string | null {
  if (demand.ranks === 1 || topology.nodes.length < 2) {
    return null;
  }
  return roomyNodes(demand, isPreemptible, topology).length > 0 ? null : `Its ${demand.ranks} ranks start together on one node, and no one node has room for all of them.`;
}

/** What a gang waits for that only nodes have room for which are not there now; null for all else. */
export function gangAwaits(job: PolicyRow, topology: Topology): string | null {
  const { demand } = toPolicyJob(job);
  if (demand.ranks === 1 || topology.nodes.length < 2) {
    return null;
  }
  const roomy = roomyNodes(demand, job.is_preemptible, topology);
  return roomy.length > 0 && roomy.every(node => node.awaySince !== null) ? waitsForAway(roomy) : null;
}

/** The nodes that alone, and empty, would do. */
function roomyNodes(demand: Demand, isPreemptible: boolean, topology: Topology): ClusterNode[] {
  let alone = nodesOf.get(topology);
  if (!alone) {
    alone = topology.nodes.map(node => createTopology([node], topology.licences));
    nodesOf.set(topology, alone);
  }
  return topology.nodes.filter((_, i) => whyNever(demand, alone[i]!, isPreemptible) === null);
}

/** Those of the jobs, each with the reason. */
export function gangsTooWide(jobs: readonly PolicyRow[], topology: Topology): [string, string][] {
  return jobs.flatMap(job => {
    const reason = gangNever(toPolicyJob(job).demand, job.is_preemptible, topology);
    return reason === null ? [] : [[job.id, reason] as [string, string]];
  });
}
