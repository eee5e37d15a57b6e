import { endpoints, type Cluster, type ClusterDevice, type ClusterNode } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { Meter } from './meter';
import { formatMemory, gpuName, tintOf } from './words';

/** The nodes with their GPUs: who holds what, and how busy it is. */
export function NodeMap({ cluster, mayManage }: { cluster: Cluster; mayManage: boolean }): React.JSX.Element {
  return (
    <div className="jp-SlipwayNodes">
      {cluster.nodes.map(node => (
        <NodeCard key={node.id} node={node} mayManage={mayManage} isOnlySteady={cluster.nodes.every(n => n.isSpot || n.awaySince !== null || n.id === node.id)} />
      ))}
    </div>
  );
}

function NodeCard({ node, mayManage, isOnlySteady }: { node: ClusterNode; mayManage: boolean; isOnlySteady: boolean }): React.JSX.Element {
  const { trans } = useSlipway();
  const round = (n: number): string => String(Math.round(n * 10) / 10);
  return (
    <section className="jp-SlipwayNode" aria-label={trans.__('Node %1', node.name)} data-drained={node.isDrained}>
      <header className="jp-SlipwayNode-head">
        <h3>{node.name}</h3>
        {node.isDrained && <span className="jp-SlipwayTag">{trans.__('drained')}</span>}
        {node.isSpot && <span className="jp-SlipwayTag">{trans.__('spot')}</span>}
        {node.awaySince !== null && <span className="jp-SlipwayTag" title={trans.__('Gets nothing until it is back; jobs that only it can run wait for it')}>{trans.__('not seen since %1', formatTime(node.awaySince))}</span>}
        {mayManage && <NodeActions node={node} isOnlySteady={isOnlySteady} />}
      </header>
      <Meter label={trans.__('CPUs')} used={node.cpus.used} total={node.cpus.total} text={trans.__('%1 of %2', round(node.cpus.used), round(node.cpus.total))} />
      <Meter label={trans.__('Memory')} used={node.memoryBytes.used} total={node.memoryBytes.total} text={trans.__('%1 of %2', formatMemory(node.memoryBytes.used), formatMemory(node.memoryBytes.total))} />
      {node.devices.length === 0 ? (
        <p className="jp-SlipwayFaint">{trans.__('No GPU found on this node.')}</p>
      ) : (
        <ul className="jp-SlipwayGpus" aria-label={trans.__('GPUs')}>
          {node.devices.map((device, at) => (
            <GpuTile key={device.id} device={device} number={at + 1} />
          ))}
        </ul>
      )}
    </section>
  );
}

function GpuTile({ device, number }: { device: ClusterDevice; number: number }): React.JSX.Element {
  const { trans } = useSlipway();
  const [first] = device.holders;
  const isShared = device.holders.some(h => h.share < 1);
  return (
    <li className="jp-SlipwayGpu" data-held={first !== undefined} data-tint={first ? tintOf(first.project) : undefined} title={device.id}>
      <span className="jp-SlipwayGpu-type">{gpuName(device, number)}</span>
      {first ? device.holders.map(h => (
        <span key={h.jobId} className="jp-SlipwayGpu-who">{h.label} <span className="jp-SlipwayFaint">{h.share < 1 ? `${h.project} · ${Math.round(h.share * 100)} %` : h.project}</span></span>
      )) : <span className="jp-SlipwayFaint">{trans.__('free')}</span>}
      {device.utilisationPercent !== null && (
        <span className="jp-SlipwayFaint">{trans.__('%1 % busy, %2 used', device.utilisationPercent, formatMemory(device.usedMemoryBytes ?? 0))}</span>
      )}
      {isShared && <span className="jp-SlipwayFaint">{trans.__('shared by agreement: nothing keeps a job to its part')}</span>}
    </li>
  );
}

/** The last node that is not spot stays so: what may not be preempted would have nowhere to run, and fail. */
function NodeActions({ node, isOnlySteady }: { node: ClusterNode; isOnlySteady: boolean }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const act = useAction((change: { isDrained?: boolean; isSpot?: boolean }) => client.call(endpoints.scheduler.editNode, { params: { nodeId: node.id }, body: { isDrained: node.isDrained, ...change } }));
  const remove = useAction(() => client.call(endpoints.scheduler.removeNode, { params: { nodeId: node.id } }));
  return (
    <span className="jp-SlipwayNode-act">
      {(node.isSpot || !isOnlySteady) && (
        <Button kind="link" disabled={act.isBusy} onClick={() => act.run({ isSpot: !node.isSpot })} title={node.isSpot ? undefined : trans.__('It may be taken away at any time: only preemptible jobs go there')}>
          {node.isSpot ? trans.__('No longer spot') : trans.__('Mark as spot')}
        </Button>
      )}
      <Button kind="link" disabled={act.isBusy} onClick={() => act.run({ isDrained: !node.isDrained })} title={node.isDrained ? undefined : trans.__('Gets no new jobs; what runs there runs on')}>
        {node.isDrained ? trans.__('Give back') : trans.__('Drain')}
      </Button>
      {node.awaySince !== null && (
        <Button kind="link" disabled={remove.isBusy} onClick={() => remove.run()} title={trans.__('For one that does not come back; its daemon brings it back when it starts')}>
          {trans.__('Remove')}
        </Button>
      )}
      <ErrorNote error={act.error ?? remove.error} />
    </span>
  );
}
