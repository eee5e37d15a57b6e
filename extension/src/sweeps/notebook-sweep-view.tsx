import { endpoints } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { baseName } from '../core/format';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { useFetched } from '../core/use-fetched';
import { PipelineNameField } from '../pipelines/name-and-schedule';
import type { ProductionizeModel } from '../pipelines/productionize-model';
import { NothingToDo } from '../pipelines/productionize-view';
import { ProofPanel } from '../pipelines/proof-panel';
import { useLoader } from '../registry/use-loader';
import { choicesLoader } from './loaders';
import { SweepFields } from './sweep-form';

/** From a notebook to a sweep: it becomes a pipeline first, which has shown the notebook's own results; then the form of a sweep. */
export function NotebookSweepView({ model, onStarted }: { model: ProductionizeModel; onStarted: (sweepId: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.changed);
  const { draft } = model;
  const { saved } = model.proof;
  return (
    <>
      <Heading level={1} title={trans.__('Search better values for %1', baseName(model.notebookPath))} />
      <DaemonNotice />
      <ErrorNote error={model.error} />
      <p>{trans.__('Each trial runs the notebook as a pipeline, with other values of its parameters. It becomes one first, so that what is searched gives the notebook’s own results.')}</p>
      <EarlierPipelines notebookPath={model.notebookPath} />
      {!draft && model.isLoading && <Empty title={trans.__('Reading the notebook …')} />}
      {draft?.steps.length === 0 && <NothingToDo />}
      {/* Before the draft is there nobody knows the params: what was saved then would have none. */}
      {draft && draft.steps.length > 0 && (
        <>
          <div className="jp-SlipwaySchedule-fields">
            <PipelineNameField model={model} />
          </div>
          <ProofPanel model={model} />
        </>
      )}
      {saved && <SavedSearch key={saved.version} pipeline={saved.pipeline} onStarted={onStarted} />}
    </>
  );
}

/** Pipelines that were made of the notebook: they can be searched as they are. */
function EarlierPipelines({ notebookPath }: { notebookPath: string }): React.JSX.Element | null {
  const { trans, client, commands } = useSlipway();
  const { value } = useFetched(signal => client.call(endpoints.pipelines.list, { signal }), [client]);
  const made = value?.items.filter(pipeline => pipeline.notebookPath === notebookPath) ?? [];
  return made.length === 0 ? null : (
    <p className="jp-SlipwayProof-actions">
      {made.map(({ name, latestVersion }) => (
        <Button key={name} onClick={() => void commands.execute(CommandIds.newSweep, { pipeline: name })}>{trans.__('Search %1 as saved in version %2', name, latestVersion)}</Button>
      ))}
    </p>
  );
}

function SavedSearch({ pipeline, onStarted }: { pipeline: string; onStarted: (sweepId: string) => void }): React.JSX.Element {
  const { value: choices, error, refresh } = useLoader(slipway => choicesLoader(slipway, pipeline, null), [pipeline]);
  return (
    <>
      <ErrorNote error={error} onRetry={refresh} />
      {choices && <SweepFields choices={choices} onStarted={onStarted} />}
    </>
  );
}
