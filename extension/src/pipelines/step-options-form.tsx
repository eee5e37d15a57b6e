import { endpoints, type PipelineVersion, type RunIf } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { Choice } from './schedules-panel';
import { fieldsOf, withFields, type StepFields } from './step-fields';

/** What a step asks for, how often it is tried, when it runs. Saving makes a version with the same cells. */
export function StepOptionsForm({ version, step, onChanged, onClose }: { version: PipelineVersion; step: string; onChanged: () => void; onClose: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const before = version.options?.steps[step];
  const [fields, setFields] = React.useState<StepFields>(() => fieldsOf(before));
  const set = (change: Partial<StepFields>): void => setFields({ ...fields, ...change });
  const options = withFields(before, fields);
  const save = useAction(async () => {
    if (options) {
      const steps = { ...version.options?.steps, [step]: options };
      await client.call(endpoints.orchestration.setOptions, { params: { name: version.pipeline }, query: { expectedVersion: version.version }, body: { ...version.options, steps } });
      onChanged();
      onClose();
    }
  });
  const waits: [RunIf, string][] = [
    ['all_succeeded', trans.__('all steps before it succeeded')],
    ['any_succeeded', trans.__('any step before it succeeded')],
    ['none_failed', trans.__('no step before it failed')],
    ['any_failed', trans.__('any step before it failed')],
    ['all_failed', trans.__('all steps before it failed')],
    ['all_done', trans.__('all steps before it are over')]
  ];
  return (
    <form className="jp-SlipwayStarters-form" aria-label={trans.__('Options of the step %1', step)} onSubmit={event => (event.preventDefault(), save.run())}>
      <Heading level={3} title={trans.__('Options of “%1”', step)} />
      <div className="jp-SlipwaySchedule-fields">
        <Field label={trans.__('CPUs')} value={fields.cpus} hint="1" onChange={cpus => set({ cpus })} isNumber />
        <Field label={trans.__('Memory (GiB)')} value={fields.memoryGib} hint="4" onChange={memoryGib => set({ memoryGib })} isNumber />
        <Field label={trans.__('GPUs')} value={fields.gpus} hint="0" onChange={gpus => set({ gpus })} isNumber />
        <Field label={trans.__('Time limit (minutes)')} value={fields.timeoutMinutes} hint="60" onChange={timeoutMinutes => set({ timeoutMinutes })} isNumber />
        <Field label={trans.__('Retries after an error')} value={fields.maxRetries} hint="0" onChange={maxRetries => set({ maxRetries })} isNumber />
        <Field label={trans.__('Pool')} value={fields.pool} hint="" onChange={pool => set({ pool })} />
      </div>
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('Starts once')} value={fields.runIf} onChange={runIf => set({ runIf: runIf as RunIf })} options={waits} />
        <Field label={trans.__('Only when')} value={fields.when} hint={'metrics.accuracy >= 0.9'} onChange={when => set({ when })} />
      </div>
      <label className="jp-SlipwayCheck">
        <input type="checkbox" checked={fields.isReused} onChange={event => set({ isReused: event.target.checked })} />
        {trans.__('Reuse its result while nothing it depends on has changed')}
      </label>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={options === null || save.isBusy}>{trans.__('Save as a new version')}</Button>
        <Button onClick={onClose}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={save.error} />
    </form>
  );
}

function Field({ label, value, hint, isNumber = false, onChange }: { label: string; value: string; hint: string; isNumber?: boolean; onChange: (value: string) => void }): React.JSX.Element {
  return (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <input type="text" inputMode={isNumber ? 'decimal' : 'text'} spellCheck={false} placeholder={hint} value={value} aria-invalid={isNumber && value.trim() !== '' && !(Number(value) >= 0)} onChange={event => onChange(event.target.value)} />
    </label>
  );
}
