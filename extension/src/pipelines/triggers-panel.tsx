import type { TranslationBundle } from '@jupyterlab/translation';
import { endpoints, type Trigger, type TriggerFiring, type TriggerSource } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { Choice } from './schedules-panel';

type Kind = 'files' | 'pipeline' | 'event' | 'dataset' | 'git' | 'webhook';

/** What starts a pipeline besides the clock: each with why it fired last; adding and removing. */
export function TriggersPanel({ pipeline, triggers, onChanged }: { pipeline: string; triggers: Trigger[]; onChanged: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [isOpen, setOpen] = React.useState(false);
  const [secret, setSecret] = React.useState<{ path: string; secret: string } | null>(null);
  return (
    <div className="jp-SlipwayStarters">
      {secret && (
        <p className="jp-SlipwayNote" role="status">
          {trans.__('Post to %1 with this secret, which is shown only now:', secret.path)} <code>{secret.secret}</code>
        </p>
      )}
      <ul className="jp-SlipwayStarters-list" aria-label={trans.__('Triggers')}>
        {triggers.map(trigger => (
          <TriggerLine key={trigger.id} trigger={trigger} onChanged={onChanged} />
        ))}
      </ul>
      {!isOpen && <Button onClick={() => setOpen(true)}>{trans.__('Add a trigger')}</Button>}
      {isOpen && (
        <TriggerForm
          pipeline={pipeline}
          onClose={() => setOpen(false)}
          onDone={saved => {
            setSecret(saved.secret === null || saved.trigger.hookPath === null ? null : { path: saved.trigger.hookPath, secret: saved.secret });
            setOpen(false);
            onChanged();
          }}
        />
      )}
    </div>
  );
}

/** What a source waits for, in a phrase. */
export function sourceWords(trans: TranslationBundle, source: TriggerSource): string {
  switch (source.kind) {
    case 'files':
      return trans.__('new or changed files %1', source.glob);
    case 'pipeline':
      return source.on === 'any' ? trans.__('%1 ends', source.pipeline) : source.on === 'failed' ? trans.__('%1 fails', source.pipeline) : trans.__('%1 succeeds', source.pipeline);
    case 'event':
      return trans.__('the event %1', source.subject === undefined ? source.type : `${source.type} (${source.subject})`);
    case 'dataset':
      return trans.__('a new version of %1', source.path);
    case 'git':
      return trans.__('a commit to %1 of %2', source.branch, source.repository);
    case 'webhook':
      return source.branch === undefined ? trans.__('a call of its webhook') : trans.__('a push to %1', source.branch);
    case 'query':
      return trans.__('other rows of a query on %1', source.sqlite);
  }
}

function TriggerLine({ trigger, onChanged }: { trigger: Trigger; onChanged: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const params = { triggerId: trigger.id };
  const [firings, setFirings] = React.useState<TriggerFiring[] | null>(null);
  const words = trigger.when.any.map(group => group.all.map(source => sourceWords(trans, source)).join(trans.__(' and '))).join(trans.__(', or '));
  const show = useAction(async () => setFirings(firings ? null : (await client.call(endpoints.triggers.firings, { params, query: { limit: 10 } })).items));
  const fire = useAction(async () => {
    await client.call(endpoints.triggers.fire, { params, body: {} });
    onChanged();
  });
  const remove = useAction(async () => {
    await client.call(endpoints.triggers.remove, { params });
    onChanged();
  });
  return (
    <li>
      <div>
        <strong>{trigger.name}</strong> {trans.__('on %1', words)}{' '}
        <span className="jp-SlipwayFaint">{trigger.lastFiredAt === null ? trans.__('never fired') : trans.__('last fired %1', formatTime(trigger.lastFiredAt))}</span>
        {trigger.isPaused && <span className="jp-SlipwayTag">{trans.__('paused')}</span>}
      </div>
      <div className="jp-SlipwayStarters-actions">
        <Button kind="link" disabled={fire.isBusy || trigger.isPaused} onClick={() => fire.run()}>{trans.__('Fire now')}</Button>
        <Button kind="link" aria-expanded={firings !== null} disabled={show.isBusy} onClick={() => show.run()}>{trans.__('Firings')}</Button>
        <Button kind="link" disabled={remove.isBusy} onClick={() => remove.run()} aria-label={trans.__('Remove the trigger %1', trigger.name)}>{trans.__('Remove')}</Button>
      </div>
      {trigger.faults.map(fault => (
        <p key={fault.place} className="jp-SlipwayNote" data-kind="warning" role="note">{fault.message}</p>
      ))}
      {firings && <Firings firings={firings} />}
      <ErrorNote error={fire.error ?? show.error ?? remove.error} />
    </li>
  );
}

function Firings({ firings }: { firings: TriggerFiring[] }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  if (firings.length === 0) {
    return <p className="jp-SlipwayFaint">{trans.__('It has not fired yet.')}</p>;
  }
  return (
    <ol className="jp-SlipwayStarters-intervals" aria-label={trans.__('Firings')}>
      {firings.map(firing => (
        <li key={firing.id}>
          {formatTime(firing.at)} {firing.reason} {firing.runId !== null && <Button kind="link" onClick={() => void commands.execute(CommandIds.openRun, { runId: firing.runId })}>{trans.__('Open the run')}</Button>}
          {firing.error !== null && <span className="jp-SlipwayField-error">{firing.error}</span>}
        </li>
      ))}
    </ol>
  );
}

interface FormProps {
  pipeline: string;
  onClose: () => void;
  onDone: (saved: { trigger: Trigger; secret: string | null }) => void;
}

function TriggerForm({ pipeline, onClose, onDone }: FormProps): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [name, setName] = React.useState('');
  const [kind, setKind] = React.useState<Kind>('files');
  const [texts, setTexts] = React.useState<[string, string]>(['', '']);
  const fields = fieldsOf(trans, kind);
  const save = useAction(async () => onDone(await client.call(endpoints.triggers.create, { params: { name: pipeline }, body: { name, when: { any: [{ all: [sourceOf(kind, texts)] }] } } })));
  return (
    <form className="jp-SlipwayStarters-form" onSubmit={event => (event.preventDefault(), save.run())}>
      <div className="jp-SlipwaySchedule-fields">
        <label className="jp-SlipwayField">
          <span>{trans.__('Name of the trigger')}</span>
          <input type="text" autoFocus required value={name} maxLength={80} onChange={event => setName(event.target.value)} />
        </label>
        <Choice
          label={trans.__('Starts on')}
          value={kind}
          onChange={next => setKind(next as Kind)}
          options={[['files', trans.__('new or changed files')], ['pipeline', trans.__('the success of another pipeline')], ['dataset', trans.__('a new version of a dataset')], ['event', trans.__('an event')], ['git', trans.__('a commit to a local repository')], ['webhook', trans.__('a webhook')]]}
        />
        {fields.map((field, i) =>
          field.options ? (
            <Choice key={field.label} label={field.label} value={texts[i] || field.options[0]![0]} onChange={text => setTexts(i === 0 ? [text, texts[1]] : [texts[0], text])} options={field.options} />
          ) : (
            <label key={field.label} className="jp-SlipwayField">
              <span>{field.label}</span>
              <input type="text" required={!field.isOptional} placeholder={field.hint} spellCheck={false} value={texts[i]} onChange={event => setTexts(i === 0 ? [event.target.value, texts[1]] : [texts[0], event.target.value])} />
            </label>
          )
        )}
      </div>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={save.isBusy}>{trans.__('Save trigger')}</Button>
        <Button onClick={onClose}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={save.error} />
    </form>
  );
}

interface Field {
  label: string;
  hint?: string;
  isOptional?: boolean;
  options?: [string, string][];
}

function fieldsOf(trans: TranslationBundle, kind: Kind): Field[] {
  const fields: Record<Kind, Field[]> = {
    files: [{ label: trans.__('Files'), hint: '/data/incoming/*.csv' }],
    pipeline: [{ label: trans.__('Pipeline') }],
    dataset: [{ label: trans.__('Path of the dataset') }],
    event: [{ label: trans.__('Type of the event'), hint: 'model_version.created' }, { label: trans.__('About'), isOptional: true }],
    git: [{ label: trans.__('Repository') }, { label: trans.__('Branch'), hint: 'main' }],
    webhook: [{ label: trans.__('Signed as by'), options: [['github', 'GitHub'], ['gitlab', 'GitLab'], ['token', trans.__('a bearer token')]] }, { label: trans.__('Branch'), isOptional: true }]
  };
  return fields[kind];
}

function sourceOf(kind: Kind, [first, second]: [string, string]): TriggerSource {
  switch (kind) {
    case 'files':
      return { kind, glob: first, settleMs: 2_000 };
    case 'pipeline':
      return { kind, pipeline: first, on: 'succeeded' };
    case 'dataset':
      return { kind, path: first };
    case 'event':
      return { kind, type: first, ...(second !== '' && { subject: second }) };
    case 'git':
      return { kind, repository: first, branch: second };
    case 'webhook':
      return { kind, verify: (first || 'github') as 'github' | 'gitlab' | 'token', ...(second !== '' && { branch: second }) };
  }
}
