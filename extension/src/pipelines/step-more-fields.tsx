import type { ErrorClass } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import { FaultNote, OptionField, useFaults } from './option-field';
import { RuleFields } from './rule-fields';
import { saysMore, type StepFields } from './step-fields';

interface Props {
  fields: StepFields;
  onChange: (change: Partial<StepFields>) => void;
}

const SHOWN_HERE = ['resources.gpuTypes', 'resources.gpuMemoryBytes', 'resources.migProfile', 'resources.scratchBytes', 'resources.licences', 'priority', 'retry.', 'cache', 'secrets', 'rules'];

/** What few steps need; open where something of it is said, or wrong. */
export function MoreStepFields({ fields, onChange }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const isWrong = useFaults('').some(fault => SHOWN_HERE.some(path => fault.path.startsWith(path)));
  const isNeeded = saysMore(fields) || isWrong;
  const [isOpen, setOpen] = React.useState(isNeeded);
  React.useEffect(() => {
    if (isNeeded) {
      setOpen(true);
    }
  }, [isNeeded]);
  return (
    <details className="jp-SlipwayMore" open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{trans.__('More: kinds of GPU, licences, retries, secrets')}</summary>
      {fields.watch === 'own' && <RuleFields rules={fields.rules} onChange={rules => onChange({ rules })} />}
      <MoreResources fields={fields} onChange={onChange} />
      <Retries fields={fields} onChange={onChange} />
      <OptionField path="secrets" label={trans.__('Secrets, one a line, by the variable the step reads')} value={fields.secrets} hint={'API_KEY = secret:api-key\nTOKEN = environment:MY_TOKEN\nCERT = file:tls/cert.pem'} onChange={secrets => onChange({ secrets })} isLong />
    </details>
  );
}

function MoreResources({ fields, onChange }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <div className="jp-SlipwaySchedule-fields">
      <OptionField path="resources.gpuTypes" label={trans.__('Kinds of GPU, best first')} value={fields.gpuTypes} hint="H100, A100" onChange={gpuTypes => onChange({ gpuTypes })} />
      <OptionField path="resources.gpuMemoryBytes" label={trans.__('Memory of each GPU, at least (GiB)')} value={fields.gpuMemoryGib} hint="0" onChange={gpuMemoryGib => onChange({ gpuMemoryGib })} isNumber />
      <OptionField path="resources.migProfile" label={trans.__('Slices of the MIG profile')} value={fields.migProfile} hint="1g.10gb" onChange={migProfile => onChange({ migProfile })} />
      <OptionField path="resources.scratchBytes" label={trans.__('Scratch space (GiB)')} value={fields.scratchGib} hint="0" onChange={scratchGib => onChange({ scratchGib })} isNumber />
      <OptionField path="resources.licences" label={trans.__('Licences')} value={fields.licences} hint="solver, mesher 2" onChange={licences => onChange({ licences })} />
      <OptionField path="priority" label={trans.__('Priority of the step')} value={fields.priority} hint={trans.__('that of the run')} onChange={priority => onChange({ priority })} isNumber />
      <OptionField path="cache.expiresAfterMs" label={trans.__('Its result may be reused for (hours)')} value={fields.cacheHours} hint={trans.__('ever')} onChange={cacheHours => onChange({ cacheHours })} isNumber />
    </div>
  );
}

/** After which errors it is tried again, and how long it waits. */
function Retries({ fields, onChange }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const kinds: [ErrorClass, string][] = [
    ['cell_error', trans.__('a cell failed')],
    ['timeout', trans.__('it took too long')],
    ['out_of_memory', trans.__('its memory ran out')],
    ['kernel_died', trans.__('its kernel died')],
    ['worker_lost', trans.__('its machine was lost')],
    ['engine_unreachable', trans.__('its engine was silent')],
    ['preempted', trans.__('it made room')]
  ];
  const faults = useFaults('retry.on');
  const isAll = fields.retryOn.length === 0 || fields.retryOn.includes('any');
  const chosen = isAll ? [] : fields.retryOn;
  const set = (kind: ErrorClass, isOn: boolean): void => onChange({ retryOn: isOn ? kinds.map(([k]) => k).filter(k => k === kind || chosen.includes(k)) : chosen.filter(k => k !== kind) });
  return (
    <>
      <fieldset className="jp-SlipwayRetryOn">
        <legend>{trans.__('Tried again only when (none chosen: after any error)')}</legend>
        {kinds.map(([kind, words]) => (
          <label key={kind} className="jp-SlipwayCheck">
            <input type="checkbox" checked={chosen.includes(kind)} onChange={event => set(kind, event.target.checked)} /> {words}
          </label>
        ))}
        <FaultNote faults={faults} />
      </fieldset>
      <div className="jp-SlipwaySchedule-fields">
        <OptionField path="retry.onExceptions" label={trans.__('And after these exceptions')} value={fields.retryExceptions} hint="ConnectionError" onChange={retryExceptions => onChange({ retryExceptions })} />
        <OptionField path="retry.backoffMs" label={trans.__('First wait (seconds)')} value={fields.backoffS} hint="1" onChange={backoffS => onChange({ backoffS })} isNumber />
        <OptionField path="retry.maxBackoffMs" label={trans.__('Longest wait (seconds)')} value={fields.maxBackoffS} hint="300" onChange={maxBackoffS => onChange({ maxBackoffS })} isNumber />
      </div>
    </>
  );
}
