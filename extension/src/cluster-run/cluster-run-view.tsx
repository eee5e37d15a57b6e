import * as React from 'react';
import { DaemonNotice } from '../core/daemon-notice';
import { baseName } from '../core/format';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { isOver } from '../core/states';
import { useSignal, useSlipway } from '../core/ui';
import { ParamsForm } from '../pipelines/params-form';
import { EngineChoice } from '../pipelines/engine-choice';
import { FaultyFields, refusedOf } from '../pipelines/option-field';
import { ProjectField } from '../pipelines/project-field';
import type { StepFields } from '../pipelines/step-fields';
import { ResourceFields } from '../pipelines/step-options-fields';
import type { ClusterRunModel } from './cluster-run-model';
import { ClusterRunProgress } from './cluster-run-progress';
import { EarlierRuns } from './earlier-runs';

/** A notebook, or cells of it, run away from its kernel: what runs, with what, where; then its progress and what it gave. */
export function ClusterRunView({ model }: { model: ClusterRunModel }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.changed);
  const name = baseName(model.notebookPath);
  const count = model.cells?.length ?? 0;
  const run = model.run?.value?.run;
  const isLive = run !== undefined && !isOver(run.status);
  const setFields = (change: Partial<StepFields>): void => model.set({ fields: { ...model.fields, ...change } });
  return (
    <>
      <Heading level={1} title={model.cells === null ? trans.__('Run %1 on the cluster', name) : trans._n('Run %1 cell of %2 on the cluster', 'Run %1 cells of %2 on the cluster', count, name)}>
        <Button onClick={() => void model.read()} title={trans.__('Take the notebook as it is now')}>{trans.__('Read notebook again')}</Button>
      </Heading>
      <DaemonNotice />
      <ErrorNote error={model.error} />
      {!model.draft && !model.error && <Empty title={trans.__('Reading the notebook …')} />}
      {model.draft && (
        <form className="jp-SlipwayStarters-form jp-SlipwayClusterRun" aria-label={trans.__('What runs, and with what')} onSubmit={event => (event.preventDefault(), void model.start())}>
          <WhatRuns model={model} />
          <Heading level={3} title={trans.__('Parameters')} />
          <ParamsForm params={model.draft.constants} texts={model.texts} onChange={texts => model.set({ texts })} emptyWords={trans.__('These cells have no constants to change.')} />
          <Heading level={3} title={trans.__('Resources')} />
          <FaultyFields value={[...model.faults, ...refusedOf(model.error, model.cells === null ? 'notebook' : 'selection')]}>
            <EngineChoice value={model.fields.engine} onChange={engine => setFields({ engine })} />
            <div className="jp-SlipwaySchedule-fields">
              <ProjectField value={model.project} onChange={project => model.set({ project })} />
              <ResourceFields fields={model.fields} onChange={setFields} />
            </div>
          </FaultyFields>
          <div className="jp-SlipwayProof-actions">
            <Button kind="accept" type="submit" disabled={model.ask === null || model.isStarting || isLive}>{trans.__('Run')}</Button>
            <span className="jp-SlipwayFaint">{trans.__('It runs in a fresh kernel; files it writes stay with the run, and the notebook’s own kernel and folder are left as they are.')}</span>
          </div>
        </form>
      )}
      {model.run && <ClusterRunProgress loader={model.run} />}
      <EarlierRuns notebookPath={model.notebookPath} />
    </>
  );
}

/** The cells that run: those asked for, and before them those they rest on. */
function WhatRuns({ model }: { model: ClusterRunModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const cells = model.draft!.cells.filter(cell => cell.isNeeded && cell.source.trim() !== '');
  if (model.cells === null) {
    return <p>{trans._n('The whole notebook: %1 code cell.', 'The whole notebook: %1 code cells.', cells.length)}</p>;
  }
  const wanted = new Set(model.cells);
  const more = cells.filter(cell => !wanted.has(cell.id));
  return (
    <>
      <p>{more.length === 0 ? trans.__('What was chosen rests on no other cell.') : trans._n('What was chosen rests on %1 cell, which runs first.', 'What was chosen rests on %1 cells, which run first.', more.length)}</p>
      <ol className="jp-SlipwayCells" aria-label={trans.__('Cells that run')}>
        {cells.map(cell => (
          <li key={cell.id}>
            {cell.ordinal}. {cell.title} {!wanted.has(cell.id) && <span className="jp-SlipwayTag">{trans.__('needed before')}</span>}
          </li>
        ))}
      </ol>
    </>
  );
}
