import { endpoints, type Engine } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { useFetched } from '../core/use-fetched';
import { useClock, useSlipway } from '../core/ui';
import { Meter } from './meter';
import { formatMemory } from './words';

const LOOK_MS = 10_000;
const KINDS = { slurm: 'Slurm', ray: 'Ray', kubernetes: 'Kubernetes' } as const;

/** The engines beside the nodes; asked by itself, for one that is silent answers late. */
export function EngineMap(): React.JSX.Element | null {
  const { client } = useSlipway();
  const look = Math.floor(useClock(true, LOOK_MS) / LOOK_MS);
  const { value } = useFetched(signal => client.call(endpoints.scheduler.listEngines, { signal }), [client, look]);
  const [engines, setEngines] = React.useState<Engine[]>([]);
  React.useEffect(() => void (value && setEngines(value.items)), [value]);
  return engines.length === 0 ? null : (
    <div className="jp-SlipwayNodes jp-SlipwayEngines">
      {engines.map(engine => <EngineCard key={engine.name} engine={engine} />)}
    </div>
  );
}

/** How large an engine is, nobody here knows: what of it is ours, and whether it answers. */
function EngineCard({ engine: e }: { engine: Engine }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <section className="jp-SlipwayNode" aria-label={trans.__('Engine %1', e.name)} data-drained={!e.isAnswering}>
      <header className="jp-SlipwayNode-head">
        <h3>{e.name}</h3>
        <span className="jp-SlipwayFaint">{KINDS[e.kind]}</span>
        {!e.isAnswering && <span className="jp-SlipwayTag">{e.lastAnswerAt === null ? trans.__('does not answer') : trans.__('silent since %1', formatTime(e.lastAnswerAt))}</span>}
      </header>
      <Meter label={trans.__('Jobs')} used={e.running} total={e.limits.maxJobs} text={trans.__('%1 of %2', e.running, e.limits.maxJobs)} />
      <p>
        {e.waiting > 0 && trans._n('%1 waits for a place.', '%1 wait for a place.', e.waiting)}{' '}
        {e.running > 0 && trans.__('Ours there hold %1.', [trans._n('%1 CPU', '%1 CPUs', e.held.cpus), formatMemory(e.held.memoryBytes), e.held.gpus > 0 && trans._n('%1 GPU', '%1 GPUs', e.held.gpus)].filter(Boolean).join(', '))}
      </p>
      <p className="jp-SlipwayFaint">{trans.__('A job may ask for up to %1.', [trans._n('%1 CPU', '%1 CPUs', e.limits.cpus), formatMemory(e.limits.memoryBytes), e.limits.gpus > 0 && trans._n('%1 GPU', '%1 GPUs', e.limits.gpus)].filter(Boolean).join(', '))}</p>
      {e.message !== null && <p className="jp-SlipwayNote" data-kind="warning" role="note">{e.message}</p>}
    </section>
  );
}
