import { endpoints } from '@slipway/schema';
import * as React from 'react';
import { useFetched } from '../core/use-fetched';
import { useSlipway } from '../core/ui';
import { Choice } from './choice';
import { FaultNote, useFaults } from './option-field';

/** This machine (empty), or an engine of the daemon's configuration; one that does not answer says so, and why. */
export function EngineChoice({ value, onChange }: { value: string; onChange: (engine: string) => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const fetched = useFetched(signal => client.call(endpoints.scheduler.listEngines, { signal }), [client]);
  const faults = useFaults('engine');
  const engines = fetched.value?.items ?? [];
  const isKnown = value === '' || value === 'local' || engines.some(engine => engine.name === value);
  const options = engines.map((engine): [string, string] => [engine.name, engine.isAnswering ? `${engine.name} (${engine.kind})` : trans.__('%1 (%2, does not answer)', engine.name, engine.kind)]);
  const unknown: [string, string][] = isKnown ? [] : [[value, fetched.value ? trans.__('%1 (not in the configuration)', value) : value]];
  const message = engines.find(engine => engine.name === value)?.message;
  return (
    <>
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('Runs on')} value={value || 'local'} onChange={engine => onChange(engine === 'local' ? '' : engine)} options={[['local', trans.__('this machine')], ...options, ...unknown]} />
      </div>
      <FaultNote faults={faults} />
      {message != null && <p className="jp-SlipwayNote" data-kind="warning" role="note">{message}</p>}
    </>
  );
}
