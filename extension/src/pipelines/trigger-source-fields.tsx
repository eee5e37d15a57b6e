import type { TranslationBundle } from '@jupyterlab/translation';
import { EVENT_TYPES } from '@slipway/schema';
import * as React from 'react';
import { useSlipway } from '../core/ui';
import { Choice } from './choice';
import { argsOf, isReadable, secondsOf, type DraftKind, type SourceDraft } from './trigger-draft';

/** One thing a trigger waits for: its kind, and what names it. */
export function TriggerSourceFields({ source, onChange }: { source: SourceDraft; onChange: (source: SourceDraft) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const kinds: [DraftKind, string][] = [
    ['files', trans.__('new or changed files')],
    ['objects', trans.__('new or changed objects of S3')],
    ['pipeline', trans.__('the end of another pipeline')],
    ['dataset', trans.__('a new version of a dataset')],
    ['event', trans.__('an event')],
    ['git', trans.__('a commit to a local repository')],
    ['webhook', trans.__('a webhook')],
    ['sqlite', trans.__('other rows of an SQLite query')],
    ['postgres', trans.__('other rows of a PostgreSQL query')]
  ];
  const listId = React.useId();
  const set = (at: 0 | 1, text: string): void => onChange({ ...source, texts: at === 0 ? [text, source.texts[1]] : [source.texts[0], text] });
  return (
    <div className="jp-SlipwaySchedule-fields">
      <Choice label={trans.__('Starts on')} value={source.kind} onChange={kind => onChange({ kind: kind as DraftKind, texts: ['', ''], ...(source.before && { before: source.before }) })} options={kinds} />
      {fieldsOf(trans, source.kind).map((field, i) => {
        const at = i as 0 | 1;
        return field.options ? (
          <Choice key={field.label} label={field.label} value={source.texts[at] || field.options[0]![0]} onChange={text => set(at, text)} options={field.options} />
        ) : (
          <label key={field.label} className="jp-SlipwayField">
            <span>{field.label}</span>
            <input type="text" required={!field.isOptional} placeholder={field.hint} spellCheck={false} list={field.choices && listId} value={source.texts[at]} onChange={event => set(at, event.target.value)} />
            {field.choices && <Choices id={listId} choices={field.choices} />}
          </label>
        );
      })}
      <Details source={source} onChange={onChange} />
    </div>
  );
}

function Choices({ id, choices }: { id: string; choices: readonly string[] }): React.JSX.Element {
  return (
    <datalist id={id}>
      {choices.map(choice => (
        <option key={choice} value={choice} />
      ))}
    </datalist>
  );
}

/** How often it is looked at, how long a file must rest, and what a query is asked with. */
function Details({ source, onChange }: { source: SourceDraft; onChange: (source: SourceDraft) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [args, seconds] = [argsOf(source), secondsOf(source)];
  return (
    <>
      {args !== null && (
        <label className="jp-SlipwayField">
          <span>{trans.__('Values for its placeholders')}</span>
          <input type="text" placeholder={'1, "north"'} spellCheck={false} value={args} aria-invalid={!isReadable({ ...source, seconds: '1' })} onChange={event => onChange({ ...source, args: event.target.value })} />
        </label>
      )}
      {seconds !== null && (
        <label className="jp-SlipwayField">
          <span>{source.kind === 'files' ? trans.__('Unchanged for (seconds)') : trans.__('Looked at every (seconds)')}</span>
          <input type="text" inputMode="decimal" value={seconds} aria-invalid={!isReadable({ ...source, args: '' })} onChange={event => onChange({ ...source, seconds: event.target.value })} />
        </label>
      )}
    </>
  );
}

interface Field {
  label: string;
  hint?: string;
  isOptional?: boolean;
  options?: [string, string][];
  /** Texts to choose from; any other may be typed. */
  choices?: readonly string[];
}

function fieldsOf(trans: TranslationBundle, kind: DraftKind): Field[] {
  const fields: Record<DraftKind, Field[]> = {
    files: [{ label: trans.__('Files'), hint: '/data/incoming/*.csv' }],
    objects: [{ label: trans.__('Prefix'), hint: 's3://bucket/incoming/' }, { label: trans.__('AWS profile'), isOptional: true }],
    pipeline: [{ label: trans.__('Pipeline') }, { label: trans.__('Which'), options: [['succeeded', trans.__('succeeds')], ['failed', trans.__('fails')], ['any', trans.__('ends, however')]] }],
    dataset: [{ label: trans.__('Path of the dataset') }],
    event: [{ label: trans.__('Type of the event'), hint: 'model_version.created', choices: EVENT_TYPES }, { label: trans.__('About'), isOptional: true }],
    git: [{ label: trans.__('Repository') }, { label: trans.__('Branch'), hint: 'main' }],
    webhook: [{ label: trans.__('Signed as by'), options: [['github', 'GitHub'], ['gitlab', 'GitLab'], ['token', trans.__('a bearer token')]] }, { label: trans.__('Branch'), isOptional: true }],
    sqlite: [{ label: trans.__('SQLite file'), hint: '/data/orders.sqlite' }, { label: trans.__('Query'), hint: 'select max(id) from orders' }],
    postgres: [{ label: trans.__('Secret with the database’s URL'), hint: 'warehouse' }, { label: trans.__('Query'), hint: 'select max(id) from orders' }]
  };
  return fields[kind];
}
