import type { StepOptions } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import type { ProductionizeModel } from './productionize-model';
import { FaultyFields, refusedOf } from './option-field';
import { fieldsOf, readFields, withFields, type StepFields } from './step-fields';
import { StepOptionsFields } from './step-options-fields';

/** What is chosen counts at once; what is typed when the field is left, so that undo takes back words, not letters. */
const CHOSEN: readonly (keyof StepFields)[] = ['runIf', 'isExitHandler', 'mapMayFail', 'isReused', 'isPreemptible', 'watch', 'engine', 'retryOn'];

/** A name is asked about once it is typed. */
const TYPING_MS = 400;

/** The options of a step of a draft: edits like any other, undone like any other. */
export function StepOptionsEditor({ step, model }: { step: string; model: ProductionizeModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const options = model.pipelineOptions.steps[step];
  const text = JSON.stringify(options ?? {});
  const [fields, setFields] = React.useState<StepFields>(() => fieldsOf(options));
  const shown = React.useRef(step);
  React.useEffect(() => {
    const isSame = shown.current === step;
    shown.current = step;
    // Rules of its own stay so while they are still those that the form began them with.
    setFields(before => ({ ...fieldsOf(options), ...(isSame && before.watch === 'own' && options?.rules && { watch: 'own' as const }) }));
  }, [step, text]);
  React.useEffect(() => {
    const timer = setTimeout(() => void model.learnOptions(), TYPING_MS);
    return () => clearTimeout(timer);
  }, [model, model.name]);
  const { options: next, faults } = readFields(options, fields);
  const commit = (of: StepOptions | null): void => {
    if (of && JSON.stringify(of) !== text) {
      model.setStepOptions(step, of);
    }
  };
  const onChange = (change: Partial<StepFields>): void => {
    const changed = { ...fields, ...change };
    setFields(changed);
    if (CHOSEN.some(key => key in change)) {
      commit(withFields(options, changed));
    }
  };
  return (
    <div className="jp-SlipwayStepOptions" role="group" aria-label={trans.__('Options of the step %1', step)} onBlur={() => commit(next)}>
      <FaultyFields value={[...faults, ...refusedOf(model.refusal, step)]}>
        <StepOptionsFields fields={fields} onChange={onChange} />
      </FaultyFields>
      {next === null && <p className="jp-SlipwayField-error" role="status">{trans.__('A field cannot be read; until it can, the options stay as they were.')}</p>}
    </div>
  );
}
