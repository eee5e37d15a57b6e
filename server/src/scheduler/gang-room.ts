import { toPolicyJob, type PolicyRow } from './demand-of';
import { createTopology, whyNever, type Topology } from './policy';

const nodesOf = new WeakMap<Topology, Topology[]>();

/** Why a gang can never start though the cluster has all it asks for: its ranks are started by one daemon, on one node. null for all else. */
export function gangNever(job: PolicyRow, topology: Topology): string | null {
  const { demand } = toPolicyJob(job);
  if (demand.ranks === 1 || topology.nodes.length < 2) {
    return null;
  }
  let alone = nodesOf.get(topology);
  if (!alone) {
    alone = topology.nodes.map(node => createTopology([node], topology.licences));
    nodesOf.set(topology, alone);
  }
  const isThere = alone.some(node => whyNever(demand, node, job.is_preemptible) === null);
  return isThere ? null : `Its ${demand.ranks} ranks start together on one node, and no one node has room for all of them.`;
}

/** Those of the jobs, each with the reason. */
export function gangsTooWide(jobs: readonly PolicyRow[], topology: Topology): [string, string][] {
  return jobs.flatMap(job => {
    const reason = gangNever(job, topology);
    return reason === null ? [] : [[job.id, reason] as [string, string]];
  });
}
