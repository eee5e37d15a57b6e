import { endpoints, type PipelineVersion, type SavedTrigger, type Trigger, type TriggerFiring } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { UndoNote, type Undoable } from '../core/undo';
import { specOf, TriggerForm } from './trigger-form';
import { whenWords } from './trigger-words';

/** What starts a pipeline besides the clock: each with why it fired last; adding, changing, pausing and removing. */
export function TriggersPanel({ pipeline, triggers, version, onChanged }: { pipeline: string; triggers: Trigger[]; version: PipelineVersion; onChanged: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [editing, setEditing] = React.useState<Trigger | 'new' | null>(null);
  const [secret, setSecret] = React.useState<{ path: string; secret: string } | null>(null);
  const [removed, setRemoved] = React.useState<Undoable | null>(null);
  const onSaved = (saved: SavedTrigger): void => {
    setSecret(saved.secret === null || saved.trigger.hookPath === null ? null : { path: saved.trigger.hookPath, secret: saved.secret });
    setEditing(null);
    onChanged();
  };
  const onRemoved = (trigger: Trigger): void => {
    // A webhook comes back at another address, with another secret: it is shown as a new one's is.
    const undo = async (): Promise<void> => onSaved(await client.call(endpoints.triggers.create, { params: { name: pipeline }, body: specOf(trigger) }));
    setRemoved({ words: trans.__('The trigger %1 was removed.', trigger.name), undo });
    onChanged();
  };
  return (
    <div className="jp-SlipwayStarters">
      {secret && (
        <p className="jp-SlipwayNote" role="status">
          {trans.__('Post to %1 with this secret, which is shown only now:', secret.path)} <code>{secret.secret}</code>
        </p>
      )}
      <UndoNote done={removed} onGone={() => setRemoved(null)} />
      <ul className="jp-SlipwayStarters-list" aria-label={trans.__('Triggers')}>
        {triggers.map(trigger => (
          <TriggerLine key={trigger.id} trigger={trigger} onEdit={() => setEditing(trigger)} onSaved={onSaved} onChanged={onChanged} onRemoved={() => onRemoved(trigger)} />
        ))}
      </ul>
      {editing === null && <Button onClick={() => setEditing('new')}>{trans.__('Add a trigger')}</Button>}
      {editing !== null && <TriggerForm key={editing === 'new' ? 'new' : editing.id} pipeline={pipeline} version={version} trigger={editing === 'new' ? null : editing} onClose={() => setEditing(null)} onDone={onSaved} />}
    </div>
  );
}

interface LineProps {
  trigger: Trigger;
  onEdit: () => void;
  onSaved: (saved: SavedTrigger) => void;
  onChanged: () => void;
  onRemoved: () => void;
}

function TriggerLine({ trigger, onEdit, onSaved, onChanged, onRemoved }: LineProps): React.JSX.Element {
  const { trans, client } = useSlipway();
  const params = { triggerId: trigger.id };
  const [firings, setFirings] = React.useState<TriggerFiring[] | null>(null);
  const show = useAction(async () => setFirings(firings ? null : (await client.call(endpoints.triggers.firings, { params, query: { limit: 10 } })).items));
  const act = useAction(async (what: 'fire' | 'toggle' | 'remove') => {
    await (what === 'fire'
      ? client.call(endpoints.triggers.fire, { params, body: {} })
      : what === 'toggle'
        ? client.call(endpoints.triggers.replace, { params, body: { ...specOf(trigger), isPaused: !trigger.isPaused } })
        : client.call(endpoints.triggers.remove, { params }));
    what === 'remove' ? onRemoved() : onChanged();
  });
  const renew = useAction(async () => onSaved(await client.call(endpoints.triggers.renewSecret, { params })));
  return (
    <li>
      <div>
        <strong>{trigger.name}</strong> {trans.__('on %1', whenWords(trans, trigger.when))}{' '}
        <span className="jp-SlipwayFaint">{trigger.lastFiredAt === null ? trans.__('never fired') : trans.__('last fired %1', formatTime(trigger.lastFiredAt))}</span>
        {trigger.pending > 0 && <span className="jp-SlipwayTag" title={trans.__('Came about, and wait for the rest of their group or for quiet')}>{trans._n('%1 came about', '%1 came about', trigger.pending)}</span>}
        {trigger.isPaused && <span className="jp-SlipwayTag">{trans.__('paused')}</span>}
      </div>
      <div className="jp-SlipwayStarters-actions">
        <Button kind="link" disabled={act.isBusy || trigger.isPaused} onClick={() => act.run('fire')}>{trans.__('Fire now')}</Button>
        <Button kind="link" aria-expanded={firings !== null} disabled={show.isBusy} onClick={() => show.run()}>{trans.__('Firings')}</Button>
        <Button kind="link" disabled={act.isBusy} onClick={() => act.run('toggle')}>{trigger.isPaused ? trans.__('Resume') : trans.__('Pause')}</Button>
        {trigger.hookPath !== null && <Button kind="link" disabled={renew.isBusy} title={trans.__('Calls with the secret it has now are refused from then on')} aria-label={trans.__('New secret for the trigger %1', trigger.name)} onClick={() => renew.run()}>{trans.__('New secret')}</Button>}
        <Button kind="link" onClick={onEdit} aria-label={trans.__('Change the trigger %1', trigger.name)}>{trans.__('Change')}</Button>
        <Button kind="link" disabled={act.isBusy} onClick={() => act.run('remove')} aria-label={trans.__('Remove the trigger %1', trigger.name)}>{trans.__('Remove')}</Button>
      </div>
      {trigger.faults.map(fault => (
        <p key={fault.place} className="jp-SlipwayNote" data-kind="warning" role="note">{fault.message}</p>
      ))}
      {firings && <Firings firings={firings} />}
      <ErrorNote error={act.error ?? show.error ?? renew.error} />
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
