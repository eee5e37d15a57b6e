import type { Draft } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import type { ProductionizeModel } from './productionize-model';
import { StepOptionsEditor } from './step-options-editor';

interface Props {
  draft: Draft;
  model: ProductionizeModel;
  /** Whether steps may be cut and joined anew. */
  mayRegroup?: boolean;
}

/** The chosen step: its name, its cells with the places to split it, what goes in and out, its options. */
export function StepEditor({ draft, model, mayRegroup = true }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const chosen = draft.steps.filter(step => model.selected.has(step.name));
  const [step] = chosen;
  if (!step || chosen.length > 1) {
    return (
      <section className="jp-SlipwayStepEditor">
        <Heading title={chosen.length > 1 ? trans.__('%1 steps chosen', chosen.length) : trans.__('Steps')}>
          {chosen.length > 1 && mayRegroup && <Button onClick={() => model.merge()}>{trans.__('Merge them')}</Button>}
        </Heading>
        {chosen.length === 0 && <p className="jp-SlipwayFaint">{mayRegroup ? trans.__('Choose a step in the graph to rename or split it; choose several (Shift) to merge them.') : trans.__('Choose a step in the graph to see its cells and set its options.')}</p>}
      </section>
    );
  }
  return (
    <section className="jp-SlipwayStepEditor">
      <Heading title={mayRegroup ? trans.__('Step') : step.name} />
      {mayRegroup && <StepName key={step.cells.join()} name={step.name} taken={[...draft.steps, ...model.pipelineOptions.humanSteps].map(other => other.name)} onRename={name => model.rename(step.name, name)} />}
      <StepCells step={step} draft={draft} model={model} mayRegroup={mayRegroup} />
      <dl className="jp-SlipwayFacts">
        <dt>{trans.__('Takes')}</dt>
        <dd>{step.inputs.join(', ') || trans.__('nothing')}</dd>
        <dt>{trans.__('Gives')}</dt>
        <dd>{step.outputs.join(', ') || trans.__('nothing to later steps')}</dd>
      </dl>
      <details>
        <summary>{trans.__('Resources, retries, conditions')}</summary>
        <StepOptionsEditor step={step.name} model={model} />
      </details>
    </section>
  );
}

function StepName({ name, taken, onRename }: { name: string; taken: string[]; onRename: (name: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [text, setText] = React.useState(name);
  React.useEffect(() => setText(name), [name]);
  const isTaken = text.trim() !== name && taken.includes(text.trim());
  const commit = (): void => {
    if (text.trim() === '' || isTaken) {
      setText(name);
    } else if (text.trim() !== name) {
      onRename(text);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter') {
      commit();
    } else if (event.key === 'Escape') {
      setText(name);
    }
  };
  return (
    <label className="jp-SlipwayField">
      <span>{trans.__('Name')}</span>
      <input type="text" value={text} maxLength={80} aria-invalid={isTaken} onChange={event => setText(event.target.value)} onBlur={commit} onKeyDown={onKeyDown} />
      {isTaken && <span className="jp-SlipwayField-error">{trans.__('Another step has this name.')}</span>}
    </label>
  );
}

function StepCells({ step, draft, model, mayRegroup }: { step: Draft['steps'][number]; draft: Draft; model: ProductionizeModel; mayRegroup: boolean }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const cells = new Map(draft.cells.map(cell => [cell.id, cell]));
  const others = draft.steps.filter(other => other !== step);
  // A definition that several steps repeat goes where it is used.
  const mayMove = (id: string): boolean => mayRegroup && others.length > 0 && !others.some(other => other.cells.includes(id));
  return (
    <ol className="jp-SlipwayCells">
      {step.cells.map((id, index) => {
        const cell = cells.get(id);
        const title = cell?.title ?? id;
        return (
          <li key={id}>
            {index > 0 && mayRegroup && (
              <Button kind="link" className="jp-SlipwayCells-split" aria-label={trans.__('Split the step before “%1”', title)} onClick={() => model.split(id)}>
                {trans.__('split here')}
              </Button>
            )}
            <span className="jp-SlipwayCells-cell">
              <Button kind="link" title={trans.__('Show this cell in the notebook')} onClick={() => void commands.execute(CommandIds.revealCell, { path: model.notebookPath, cellId: id })}>
                {cell?.ordinal}. {title}
              </Button>
              {mayMove(id) && (
                <select value="" aria-label={trans.__('Move “%1” to another step', title)} onChange={event => model.move(id, event.target.value)}>
                  <option value="">{trans.__('move to …')}</option>
                  {others.map(other => (
                    <option key={other.name}>{other.name}</option>
                  ))}
                </select>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
