import { endpoints, type Draft, type PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { errorOf } from '../core/slipway-error';
import { useAction, useSignal, useSlipway } from '../core/ui';
import { ChangesList } from './changes-list';
import { ConstantsList } from './constants-list';
import { DraftGraph } from './draft-graph';
import { mayRegroup, notebookOf } from './editable-version';
import { NotificationsEditor } from './notifications-editor';
import { NO_OPTIONS } from './options-edits';
import { PeopleEditor } from './people-editor';
import { ProductionizeModel } from './productionize-model';
import { ProofPanel } from './proof-panel';
import { StepEditor } from './step-editor';
import { changesOf, isOnlyOptions, type VersionChange } from './version-changes';
import { WholeOptionsEditor } from './whole-options-editor';

/** A pipeline's newest version on its way to the next: steps, parameters, order; what changes, then the saving. */
export function PipelineEditor({ name }: { name: string }): React.JSX.Element {
  const slipway = useSlipway();
  const { trans, client } = slipway;
  const [model, setModel] = React.useState<{ model: ProductionizeModel; base: PipelineVersion } | null>(null);
  const isGone = React.useRef(false);
  const open = useAction(async () => {
    const { latestVersion } = await client.call(endpoints.pipelines.get, { params: { name } });
    const base = await client.call(endpoints.pipelines.version, { params: { name, version: String(latestVersion) } });
    if (!isGone.current) {
      setModel({ base, model: new ProductionizeModel({ slipway, notebookPath: base.notebookPath, notebook: () => notebookOf(base), base }) });
    }
  });
  React.useEffect(() => {
    isGone.current = false;
    open.run();
    return () => void (isGone.current = true);
  }, [name]);
  React.useEffect(() => () => model?.model.dispose(), [model]);
  return (
    <>
      {!model && <Heading level={1} title={trans.__('Edit %1', name)} />}
      {!model && <DaemonNotice />}
      <ErrorNote error={open.error} onRetry={() => open.run()} />
      {model && <Editor key={model.base.version} {...model} onAgain={() => open.run()} />}
    </>
  );
}

interface EditorProps {
  model: ProductionizeModel;
  base: PipelineVersion;
  /** Begins anew with the newest version. */
  onAgain: () => void;
}

function Editor({ model, base, onAgain }: EditorProps): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(model.changed);
  const { draft } = model;
  // The first draft is the version's own: whether its cells tell all of it shows there.
  const first = React.useRef<Draft | null>(null);
  first.current ??= draft;
  const isFree = first.current !== null && mayRegroup(base, first.current);
  return (
    <div className="jp-SlipwayProductionize">
      <Heading level={1} title={trans.__('Edit %1', base.pipeline)}>
        <EditButtons model={model} mayRegroup={isFree} />
      </Heading>
      <DaemonNotice />
      <p className="jp-SlipwayFaint">
        {trans.__('From version %1 of', base.version)} <Button kind="link" onClick={() => void commands.execute(CommandIds.openPipeline, { name: base.pipeline })}>{base.pipeline}</Button>.{' '}
        {draft && !isFree && trans.__('Its steps are written down in a file, or hold whole notebooks: change them there. Options, people and news can be changed here.')}
      </p>
      <ErrorNote error={model.error} />
      {!draft && model.isLoading && <Empty title={trans.__('Reading the pipeline …')} />}
      {draft && (
        <EditorColumns model={model} draft={draft} mayRegroup={isFree}>
          <SavePanel model={model} base={base} draft={draft} onAgain={onAgain} />
        </EditorColumns>
      )}
    </div>
  );
}

/** Undo, redo, and merging the chosen steps. */
export function EditButtons({ model, mayRegroup }: { model: ProductionizeModel; mayRegroup: boolean }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <>
      <Button disabled={!model.canUndo} onClick={() => model.undo()}>{trans.__('Undo')}</Button>
      <Button disabled={!model.canRedo} onClick={() => model.redo()}>{trans.__('Redo')}</Button>
      {mayRegroup && <Button disabled={model.selected.size < 2} onClick={() => model.merge()} title={trans.__('Choose two or more steps in the graph (Shift adds one), then merge them')}>{trans.__('Merge steps')}</Button>}
    </>
  );
}

/** The graph with the chosen step; beside it what is given as children, the parameters and what holds for the whole pipeline. */
export function EditorColumns({ model, draft, mayRegroup, children }: { model: ProductionizeModel; draft: Draft; mayRegroup: boolean; children: React.ReactNode }): React.JSX.Element {
  const { pipelineOptions: options } = model;
  return (
    <div className="jp-SlipwayProductionize-columns">
      <div className="jp-SlipwayProductionize-graph">
        <DraftGraph draft={draft} model={model} />
        <StepEditor draft={draft} model={model} mayRegroup={mayRegroup} />
        <PeopleEditor people={options.humanSteps} steps={draft.steps.map(step => step.name)} onChange={humanSteps => model.setOptions({ ...options, humanSteps })} />
      </div>
      <div className="jp-SlipwayProductionize-side">
        {children}
        {mayRegroup && <ConstantsList draft={draft} model={model} />}
        <NotificationsEditor notifications={options.notifications} onChange={notifications => model.setOptions({ ...options, notifications })} />
        <WholeOptionsEditor options={options} onChange={whole => model.setOptions(whole)} />
      </div>
    </div>
  );
}

/** What changes, and the way to save it: options at once, other cuts and parameters after a check. */
function SavePanel({ model, base, draft, onAgain }: EditorProps & { draft: Draft }): React.JSX.Element {
  const { trans } = useSlipway();
  const changes = changesTo(model, base);
  const titles = new Map(draft.cells.map(cell => [cell.id, cell.title]));
  const saved = model.proof.saved;
  return (
    <section className="jp-SlipwayChangesPanel">
      <Heading title={trans.__('What changes')} />
      <ChangesList changes={changes} titles={titles} />
      {changes.length > 0 && (isOnlyOptions(changes) ? <SaveOptions model={model} base={base} onSaved={onAgain} /> : <ProofPanel model={model} />)}
      {saved && !saved.isUnchanged && <Button onClick={onAgain}>{trans.__('Go on editing version %1', saved.version)}</Button>}
    </section>
  );
}

function changesTo(model: ProductionizeModel, base: PipelineVersion): VersionChange[] {
  const grouping = base.steps.map(({ name, cells }) => ({ name, cells }));
  const before = { grouping, params: base.params.map(param => param.name), options: base.options ?? NO_OPTIONS };
  return changesOf(before, model.shape);
}

function SaveOptions({ model, base, onSaved }: { model: ProductionizeModel; base: PipelineVersion; onSaved: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const save = useAction(async () => {
    try {
      await client.call(endpoints.orchestration.setOptions, { params: { name: base.pipeline }, query: { expectedVersion: base.version }, body: model.pipelineOptions });
    } catch (error) {
      model.refuse(errorOf(error));
      throw error;
    }
    onSaved();
  });
  return (
    <>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" disabled={save.isBusy} onClick={() => save.run()}>{trans.__('Save as version %1', base.version + 1)}</Button>
        <span className="jp-SlipwayFaint">{trans.__('The cells run as they did: no check is needed.')}</span>
      </div>
      <ErrorNote error={save.error} />
    </>
  );
}
