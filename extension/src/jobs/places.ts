/** What a reservation may name of a node. */
interface Place {
  id: string;
  devices: readonly { id: string }[];
}

/** The nodes and GPUs of a reservation, of ids of either that were chosen: a GPU brings its node along. */
export function wantedOf(nodes: readonly Place[], chosen: readonly string[]): { nodeIds: string[]; deviceIds: string[] } {
  const isChosen = ({ id }: { id: string }): boolean => chosen.includes(id);
  return {
    nodeIds: nodes.filter(node => isChosen(node) || node.devices.some(isChosen)).map(node => node.id),
    deviceIds: nodes.flatMap(node => node.devices.filter(isChosen).map(device => device.id))
  };
}
