import { endpoints, type Cluster } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { TimeField } from '../core/time-field';
import { useAction, useSlipway } from '../core/ui';
import { wantedOf } from './places';
import { gpuName } from './words';

const HOUR_MS = 3_600_000;
const inHours = (hours: number): string => new Date(Math.floor(Date.now() / 60_000) * 60_000 + hours * HOUR_MS).toISOString();

/** Keeps nodes, or single GPUs, for a project from one time until another. */
export function ReservationForm({ cluster, onDone }: { cluster: Cluster; onDone: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [project, setProject] = React.useState('');
  const [chosen, setChosen] = React.useState<readonly string[]>([]);
  const [from, setFrom] = React.useState<string | undefined>(() => inHours(0));
  const [until, setUntil] = React.useState<string | undefined>(() => inHours(24));
  const listId = React.useId();
  const save = useAction(async (times: { from: string; until: string }) => {
    await client.call(endpoints.scheduler.reserve, { body: { project: project.trim(), ...wantedOf(cluster.nodes, chosen), ...times } });
    onDone();
  });
  const isBackward = from !== undefined && until !== undefined && from >= until;
  const isReady = project.trim() !== '' && chosen.length > 0 && from !== undefined && until !== undefined && !isBackward;
  return (
    <form
      className="jp-SlipwayStarters-form"
      aria-label={trans.__('New reservation')}
      onChange={save.clear}
      onKeyDown={event => event.key === 'Escape' && onDone()}
      onSubmit={event => {
        event.preventDefault();
        if (isReady) {
          save.run({ from, until });
        }
      }}
    >
      <label className="jp-SlipwayField">
        <span>{trans.__('For the project')}</span>
        <input type="text" autoFocus list={listId} maxLength={80} value={project} onChange={event => setProject(event.target.value)} />
        <datalist id={listId}>{cluster.projects.map(p => <option key={p.project} value={p.project} />)}</datalist>
      </label>
      <Places cluster={cluster} chosen={chosen} onChange={setChosen} />
      <div className="jp-SlipwaySchedule-fields">
        <TimeField label={trans.__('From (your time)')} value={from} onChange={text => setFrom(instantOf(text))} />
        <TimeField label={trans.__('Until (your time)')} value={until} onChange={text => setUntil(instantOf(text))} />
      </div>
      {isBackward && <p className="jp-SlipwayField-error" role="alert">{trans.__('It ends before it begins.')}</p>}
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={!isReady || save.isBusy}>{trans.__('Reserve')}</Button>
        <Button onClick={onDone}>{trans.__('Leave')}</Button>
      </div>
      <ErrorNote error={save.error} />
    </form>
  );
}

/** Whole nodes, and below each its GPUs: a node that is chosen has all of them. */
function Places({ cluster, chosen, onChange }: { cluster: Cluster; chosen: readonly string[]; onChange: (chosen: readonly string[]) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const isWhole = cluster.nodes.some(n => chosen.includes(n.id));
  const hasGpu = !isWhole && chosen.length > 0;
  const check = (id: string, label: string, isClosed: boolean): React.JSX.Element => (
    <label className="jp-SlipwayCheck">
      <input type="checkbox" disabled={isClosed} checked={chosen.includes(id)} onChange={event => onChange(event.target.checked ? [...chosen, id] : chosen.filter(c => c !== id))} /> {label}
    </label>
  );
  return (
    <fieldset className="jp-SlipwayPlaces">
      <legend>{cluster.nodes.some(n => n.devices.length > 0) ? trans.__('Whole nodes, or single GPUs') : trans.__('Nodes')}</legend>
      {cluster.nodes.map(node => (
        <div key={node.id}>
          {check(node.id, node.name, hasGpu)}
          {node.devices.map((device, at) => (
            <div key={device.id} className="jp-SlipwayPlaces-gpu" title={device.id}>
              {check(device.id, gpuName(device, at + 1), isWhole)}
            </div>
          ))}
        </div>
      ))}
    </fieldset>
  );
}

const instantOf = (text: string): string | undefined => (text === '' ? undefined : new Date(text).toISOString());
