import * as React from 'react';
import { DaemonNotice } from '../core/daemon-notice';
import { baseName } from '../core/format';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { ConstantsList } from './constants-list';
import { DraftGraph } from './draft-graph';
import { LeftOutCells } from './left-out-cells';
import { NameAndSchedule } from './name-and-schedule';
import type { ProductionizeModel } from './productionize-model';
import { ProofPanel } from './proof-panel';
import { StepEditor } from './step-editor';

/** From a notebook to a pipeline: its graph, what goes into it, the check, the saving. */
export function ProductionizeView({ model }: { model: ProductionizeModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.changed);
  const { draft } = model;
  return (
    <div className="jp-SlipwayProductionize">
      <Heading level={1} title={trans.__('Productionize %1', baseName(model.notebookPath).replace(/\.ipynb$/, ''))}>
        <Toolbar model={model} />
      </Heading>
      <DaemonNotice />
      <ErrorNote error={model.error} />
      {draft && draft.steps.length === 0 && <NothingToDo />}
      {draft && draft.steps.length > 0 && (
        <div className="jp-SlipwayProductionize-columns">
          <div className="jp-SlipwayProductionize-graph">
            <DraftGraph draft={draft} model={model} />
            <Warnings warnings={draft.warnings} />
            <StepEditor draft={draft} model={model} />
            <LeftOutCells draft={draft} path={model.notebookPath} />
          </div>
          <div className="jp-SlipwayProductionize-side">
            <NameAndSchedule model={model} />
            <ConstantsList draft={draft} model={model} />
            <ProofPanel model={model} />
          </div>
        </div>
      )}
      {!draft && model.isLoading && <Empty title={trans.__('Reading the notebook …')} />}
    </div>
  );
}

function Toolbar({ model }: { model: ProductionizeModel }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <>
      <Button disabled={!model.canUndo} onClick={() => model.undo()}>{trans.__('Undo')}</Button>
      <Button disabled={!model.canRedo} onClick={() => model.redo()}>{trans.__('Redo')}</Button>
      <Button disabled={model.selected.size < 2} onClick={() => model.merge()} title={trans.__('Choose two or more steps in the graph (Shift adds one), then merge them')}>
        {trans.__('Merge steps')}
      </Button>
      <Button onClick={() => model.reread()} title={trans.__('Take the notebook as it is now')}>{trans.__('Read notebook again')}</Button>
    </>
  );
}

/** There is no result that a pipeline could be made backwards from. */
export function NothingToDo(): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <Empty title={trans.__('No result found in this notebook')}>
      {trans.__('A pipeline is made backwards from what a notebook yields: a saved model, a written table, a printed metric. Add a cell that saves or prints one, then read the notebook again.')}
    </Empty>
  );
}

function Warnings({ warnings }: { warnings: string[] }): React.JSX.Element | null {
  if (warnings.length === 0) {
    return null;
  }
  return (
    <div className="jp-SlipwayNote" data-kind="warning" role="note">
      {warnings.map(warning => (
        <span key={warning}>{warning}</span>
      ))}
    </div>
  );
}
