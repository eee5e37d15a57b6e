import { endpoints, type PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { FaultyFields, refusedOf } from './option-field';
import { fieldsOf, readFields, type StepFields } from './step-fields';
import { StepOptionsFields } from './step-options-fields';

/** What a step asks for, how often it is tried, when it runs. Saving makes a version with the same cells. */
export function StepOptionsForm({ version, step, onChanged, onClose }: { version: PipelineVersion; step: string; onChanged: () => void; onClose: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const before = version.options?.steps[step];
  const [fields, setFields] = React.useState<StepFields>(() => fieldsOf(before));
  const { options, faults } = readFields(before, fields);
  const save = useAction(async () => {
    if (options) {
      const steps = { ...version.options?.steps, [step]: options };
      await client.call(endpoints.orchestration.setOptions, { params: { name: version.pipeline }, query: { expectedVersion: version.version }, body: { ...version.options, steps } });
      onChanged();
      onClose();
    }
  });
  return (
    <form className="jp-SlipwayStarters-form" aria-label={trans.__('Options of the step %1', step)} onSubmit={event => (event.preventDefault(), save.run())}>
      <Heading level={3} title={trans.__('Options of “%1”', step)} />
      <FaultyFields value={[...faults, ...refusedOf(save.error, step)]}>
        <StepOptionsFields
          fields={fields}
          onChange={change => {
            save.clear();
            setFields({ ...fields, ...change });
          }}
        />
      </FaultyFields>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={options === null || save.isBusy}>{trans.__('Save as a new version')}</Button>
        <Button onClick={onClose}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={save.error} />
    </form>
  );
}
