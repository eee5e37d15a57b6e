import type { AppliedPipelineFiles, PipelineFilesDraft } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { SlipwayError } from '../core/slipway-error';
import { useAction, useSignal, useSlipway } from '../core/ui';
import { ChangesList } from './changes-list';
import { scheduleWords } from './cron';
import { EditButtons, EditorColumns } from './pipeline-editor';
import type { PipelineFileModel } from './pipeline-file-model';
import { whenWords } from './trigger-words';
import { changesOf } from './version-changes';

/** A pipeline file as a graph that is edited: what is changed stands in its text at once, and on disk once it is saved. */
export function PipelineFileView({ model, onText }: { model: PipelineFileModel; onText: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(model.changed);
  const { editor, file } = model;
  const save = useAction(() => model.save());
  const apply = useAction(() => model.apply());
  const draft = editor?.draft ?? file?.draft ?? null;
  return (
    <div className="jp-SlipwayProductionize">
      <Heading level={1} title={file?.pipeline ?? trans.__('Pipeline file')}>
        {editor && <EditButtons model={editor} mayRegroup={model.mayRegroup} />}
        <Button onClick={onText}>{trans.__('Show the text')}</Button>
        <Button disabled={model.isSaved || save.isBusy} onClick={() => save.run()}>{trans.__('Save')}</Button>
        <Button kind="accept" disabled={!editor || model.error !== null || apply.isBusy} onClick={() => apply.run()} title={trans.__('Makes this file the newest version of its pipeline')}>{trans.__('Take into Slipway')}</Button>
      </Heading>
      <DaemonNotice />
      <Faults error={model.error ?? editor?.error ?? apply.error ?? save.error} />
      {!model.error && !editor && <Empty title={trans.__('Reading the pipeline …')} />}
      {editor && draft && file && (
        <EditorColumns model={editor} draft={draft} mayRegroup={model.mayRegroup}>
          {model.applied && <Applied applied={model.applied} />}
          <section className="jp-SlipwayChangesPanel">
            <Heading title={trans.__('Not saved yet')} />
            <ChangesList changes={changesOf(model.saved, editor.shape)} titles={new Map(draft.cells.map(cell => [cell.id, cell.title]))} />
          </section>
          <StartersOfFile file={file} />
        </EditorColumns>
      )}
    </div>
  );
}

/** Every fault of the files with its place, a line each. */
function Faults({ error }: { error: Error | null }): React.JSX.Element | null {
  const lines = error?.message.split('\n') ?? [];
  if (lines.length < 2 || (error instanceof SlipwayError && error.isAway)) {
    return <ErrorNote error={error} />;
  }
  return (
    <ul className="jp-SlipwayNote" data-kind="error" role="alert">
      {lines.map(line => <li key={line}>{line}</li>)}
    </ul>
  );
}

function Applied({ applied }: { applied: AppliedPipelineFiles }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <div className="jp-SlipwayNote" role="status">
      <p>
        {applied.isUnchanged ? trans.__('Slipway has this already: version %1 of', applied.version) : trans.__('Slipway has it as version %1 of', applied.version)}{' '}
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openPipeline, { name: applied.pipeline })}>{applied.pipeline}</Button>.
      </p>
      {applied.hooks.map(hook => <p key={hook.trigger}>{trans.__('Webhooks of the trigger %1 are posted to %2, with this secret, which is shown only now:', hook.trigger, hook.path)} <code>{hook.secret}</code></p>)}
      {applied.warnings.map(warning => <p key={warning} className="jp-SlipwayFaint">{warning}</p>)}
    </div>
  );
}

/** What starts the pipeline, as the text says it. */
function StartersOfFile({ file: { starters } }: { file: PipelineFilesDraft }): React.JSX.Element | null {
  const { trans } = useSlipway();
  if (starters.schedules.length + starters.triggers.length === 0) {
    return null;
  }
  const paused = (isPaused: boolean): React.ReactNode => isPaused && <span className="jp-SlipwayTag">{trans.__('paused')}</span>;
  return (
    <section>
      <Heading title={trans.__('What starts it')} />
      <ul className="jp-SlipwayStarters-list" aria-label={trans.__('What starts it')}>
        {starters.schedules.map(schedule => <li key={`s ${schedule.name}`}><div><strong>{schedule.name}</strong> {scheduleWords(trans, schedule)} <span className="jp-SlipwayFaint">({schedule.timeZone})</span> {paused(schedule.isPaused)}</div></li>)}
        {starters.triggers.map(trigger => <li key={`t ${trigger.name}`}><div><strong>{trigger.name}</strong> {whenWords(trans, trigger.when)} {paused(trigger.isPaused)}</div></li>)}
      </ul>
      <p className="jp-SlipwayFaint">{trans.__('Change these in the text.')}</p>
    </section>
  );
}
