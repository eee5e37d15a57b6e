import type { Draft } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import type { ProductionizeModel } from './productionize-model';

/** The chosen step: its name, its cells with the places to split it, what goes in and out. */
export function StepEditor({ draft, model }: { draft: Draft; model: ProductionizeModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const chosen = draft.steps.filter(step => model.selected.has(step.name));
  const [step] = chosen;
  if (!step || chosen.length > 1) {
    return (
      <section className="jp-SlipwayStepEditor">
        <Heading title={chosen.length > 1 ? trans.__('%1 steps chosen', chosen.length) : trans.__('Steps')}>
          {chosen.length > 1 && <Button onClick={() => model.merge()}>{trans.__('Merge them')}</Button>}
        </Heading>
        {chosen.length === 0 && <p className="jp-SlipwayFaint">{trans.__('Choose a step in the graph to rename or split it; choose several (Shift) to merge them.')}</p>}
      </section>
    );
  }
  return (
    <section className="jp-SlipwayStepEditor">
      <Heading title={trans.__('Step')} />
      <StepName key={step.cells.join()} name={step.name} taken={draft.steps.map(other => other.name)} onRename={name => model.rename(step.name, name)} />
      <StepCells step={step} draft={draft} model={model} />
      <dl className="jp-SlipwayFacts">
        <dt>{trans.__('Takes')}</dt>
        <dd>{step.inputs.join(', ') || trans.__('nothing')}</dd>
        <dt>{trans.__('Gives')}</dt>
        <dd>{step.outputs.join(', ') || trans.__('nothing to later steps')}</dd>
      </dl>
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

function StepCells({ step, draft, model }: { step: Draft['steps'][number]; draft: Draft; model: ProductionizeModel }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const cells = new Map(draft.cells.map(cell => [cell.id, cell]));
  return (
    <ol className="jp-SlipwayCells">
      {step.cells.map((id, index) => {
        const cell = cells.get(id);
        return (
          <li key={id}>
            {index > 0 && (
              <Button kind="link" className="jp-SlipwayCells-split" aria-label={trans.__('Split the step before “%1”', cell?.title ?? id)} onClick={() => model.split(id)}>
                {trans.__('split here')}
              </Button>
            )}
            <Button kind="link" title={trans.__('Show this cell in the notebook')} onClick={() => void commands.execute(CommandIds.revealCell, { path: model.notebookPath, cellId: id })}>
              {cell?.ordinal}. {cell?.title}
            </Button>
          </li>
        );
      })}
    </ol>
  );
}
