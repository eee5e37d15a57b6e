import type { HumanStep } from '@slipway/schema';
import * as React from 'react';
import { Button, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { CheckList } from './check-list';
import { TextField } from './text-field';

const HOUR_MS = 3_600_000;

interface Props {
  people: readonly HumanStep[];
  /** Names of the steps with cells, in their order. */
  steps: readonly string[];
  onChange: (people: HumanStep[]) => void;
}

/** Steps that people take: after which steps they are asked, which wait for them, what is asked of whom. */
export function PeopleEditor({ people, steps, onChange }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const change = (index: number, set: Partial<HumanStep>): void => onChange(people.map((human, i) => (i === index ? withoutGaps({ ...human, ...set }) : human)));
  const last = steps[steps.length - 1];
  const add = (): void => {
    const names = new Set([...steps, ...people.map(human => human.name)]);
    const name = [trans.__('sign off'), ...people.map((_, i) => trans.__('sign off %1', i + 2))].find(each => !names.has(each)) ?? trans.__('sign off');
    onChange([...people, { name, after: [steps[steps.length - 2] ?? last!], before: [last!], instructions: '', approvers: [] }]);
  };
  return (
    <section aria-label={trans.__('People')}>
      <Heading title={trans.__('People')}>{steps.length > 1 && <Button onClick={add}>{trans.__('Add a decision')}</Button>}</Heading>
      {people.length === 0 && <p className="jp-SlipwayFaint">{trans.__('No step waits for a person.')}</p>}
      {people.map((human, index) => (
        <fieldset key={index} className="jp-SlipwayEditor-item">
          <legend>{human.name}</legend>
          <TextField label={trans.__('Name of the decision')} value={human.name} isWrong={human.name.trim() === '' || steps.includes(human.name)} onCommit={name => change(index, { name })} />
          <CheckList label={trans.__('Asked after')} options={steps} chosen={human.after} onChange={after => change(index, { after })} />
          <CheckList label={trans.__('Waiting for it')} options={steps} chosen={human.before} onChange={before => change(index, { before })} />
          <TextField label={trans.__('What to look at')} value={human.instructions} isLong onCommit={instructions => change(index, { instructions })} />
          <TextField label={trans.__('Who may decide, by commas (empty: whoever may approve)')} value={human.approvers.join(', ')} onCommit={text => change(index, { approvers: listOf(text) })} />
          <label className="jp-SlipwayCheck">
            <input type="checkbox" checked={human.selfApproval === true} onChange={event => change(index, { selfApproval: event.target.checked || undefined })} />
            {trans.__('Who started the run may decide too')}
          </label>
          <TextField label={trans.__('Hours until it counts as no (empty: never)')} value={human.timeoutMs === undefined ? '' : String(human.timeoutMs / HOUR_MS)} onCommit={text => change(index, { timeoutMs: hoursOf(text) })} />
          <Button kind="link" aria-label={trans.__('Remove the decision %1', human.name)} onClick={() => onChange(people.filter((_, i) => i !== index))}>{trans.__('Remove')}</Button>
        </fieldset>
      ))}
    </section>
  );
}

export function listOf(text: string): string[] {
  return text.split(',').map(part => part.trim()).filter(part => part !== '');
}

function hoursOf(text: string): number | undefined {
  const hours = Number(text);
  return text.trim() === '' || !(hours > 0) ? undefined : Math.round(hours * HOUR_MS);
}

/** JSON has no undefined: a field of which nothing is said is not there. */
function withoutGaps(human: HumanStep): HumanStep {
  return Object.fromEntries(Object.entries(human).filter(([, value]) => value !== undefined)) as HumanStep;
}
