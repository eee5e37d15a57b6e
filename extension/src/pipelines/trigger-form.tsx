import { endpoints, type SavedTrigger, type Trigger, type TriggerSpec } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { draftOf, NEW_SOURCE, whenOf, withoutSource, withSource, type WhenDraft } from './trigger-draft';
import { TriggerSourceFields } from './trigger-source-fields';

interface Props {
  pipeline: string;
  /** null: a new one. */
  trigger: Trigger | null;
  onClose: () => void;
  onDone: (saved: SavedTrigger) => void;
}

/** A trigger: any of the groups fires it, once all of a group have come about. */
export function TriggerForm({ pipeline, trigger, onClose, onDone }: Props): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [name, setName] = React.useState(trigger?.name ?? '');
  const [when, setWhen] = React.useState<WhenDraft>(trigger ? draftOf(trigger.when) : [[NEW_SOURCE]]);
  const [quietSeconds, setQuietSeconds] = React.useState(String((trigger?.debounceMs ?? 0) / 1_000));
  const debounceMs = Math.round(Number(quietSeconds) * 1_000);
  const isWrong = name.trim() === '' || !(debounceMs >= 0);
  const save = useAction(async () => {
    const spec = { ...(trigger && specOf(trigger)), name, when: whenOf(when), debounceMs };
    onDone(await (trigger ? client.call(endpoints.triggers.replace, { params: { triggerId: trigger.id }, body: spec }) : client.call(endpoints.triggers.create, { params: { name: pipeline }, body: spec })));
  });
  const addTo = (group: number): void => setWhen(when.map((sources, g) => (g === group ? [...sources, NEW_SOURCE] : sources)));
  return (
    <form className="jp-SlipwayStarters-form" aria-label={trans.__('Trigger')} onSubmit={event => (event.preventDefault(), isWrong || save.run())}>
      <div className="jp-SlipwaySchedule-fields">
        <label className="jp-SlipwayField">
          <span>{trans.__('Name of the trigger')}</span>
          <input type="text" autoFocus required value={name} maxLength={80} onChange={event => setName(event.target.value)} />
        </label>
        <label className="jp-SlipwayField">
          <span>{trans.__('Waits until quiet for (seconds)')}</span>
          <input type="text" inputMode="decimal" value={quietSeconds} aria-invalid={!(debounceMs >= 0)} onChange={event => setQuietSeconds(event.target.value)} />
        </label>
      </div>
      {when.map((sources, group) => (
        <fieldset key={group} className="jp-SlipwayEditor-item">
          <legend>{group === 0 ? trans.__('Once all of these came about') : trans.__('or all of these')}</legend>
          {sources.map((source, index) => (
            <div key={index} className="jp-SlipwayTriggerSource">
              <TriggerSourceFields source={source} onChange={next => setWhen(withSource(when, group, index, next))} />
              {(when.length > 1 || sources.length > 1) && (
                <Button kind="link" aria-label={trans.__('Remove condition %1 of group %2', index + 1, group + 1)} onClick={() => setWhen(withoutSource(when, group, index))}>{trans.__('Remove')}</Button>
              )}
            </div>
          ))}
          <Button kind="link" onClick={() => addTo(group)}>{trans.__('and …')}</Button>
        </fieldset>
      ))}
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={isWrong || save.isBusy}>{trans.__('Save trigger')}</Button>
        <Button onClick={() => setWhen([...when, [NEW_SOURCE]])}>{trans.__('or …')}</Button>
        <Button onClick={onClose}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={save.error} />
    </form>
  );
}

/** A trigger without what the daemon keeps of it. */
export function specOf({ name, when, debounceMs, maxPerHour, params, bindings, isPaused }: Trigger): TriggerSpec {
  return { name, when, debounceMs, maxPerHour, params, bindings, isPaused };
}
