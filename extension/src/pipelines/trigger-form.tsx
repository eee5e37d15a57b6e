import type { TranslationBundle } from '@jupyterlab/translation';
import { endpoints, type PayloadBinding, type PipelineVersion, type SavedTrigger, type Trigger, type TriggerSpec } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { CountField } from './count-field';
import { givenOf, readGiven } from './given';
import { GivenTable, type BindingWay } from './given-table';
import { draftOf, isReadable, NEW_SOURCE, pointersOf, whenOf, withoutSource, withSource, type WhenDraft } from './trigger-draft';
import { TriggerSourceFields } from './trigger-source-fields';

interface Props {
  pipeline: string;
  version: PipelineVersion;
  /** null: a new one. */
  trigger: Trigger | null;
  onClose: () => void;
  onDone: (saved: SavedTrigger) => void;
}

/** A trigger: any of the groups fires it, once all of a group have come about. */
export function TriggerForm({ pipeline, version, trigger, onClose, onDone }: Props): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [name, setName] = React.useState(trigger?.name ?? '');
  const [when, setWhen] = React.useState<WhenDraft>(trigger ? draftOf(trigger.when) : [[NEW_SOURCE]]);
  const [quietSeconds, setQuietSeconds] = React.useState(String((trigger?.debounceMs ?? 0) / 1_000));
  const [maxPerHour, setMaxPerHour] = React.useState(trigger?.maxPerHour ?? 60);
  const [given, setGiven] = React.useState(() => givenOf<PayloadBinding>(trigger ?? {}));
  const read = readGiven(given, version.params);
  const debounceMs = Math.round(Number(quietSeconds) * 1_000);
  const isWrong = name.trim() === '' || !(debounceMs >= 0) || read === null || !when.flat().every(isReadable);
  const save = useAction(async () => {
    const spec = { ...(trigger && specOf(trigger)), name, when: whenOf(when), debounceMs, maxPerHour, ...read };
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
        <CountField label={trans.__('Times an hour, at most')} value={maxPerHour} max={3_600} onChange={setMaxPerHour} />
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
      <div>
        <Button onClick={() => setWhen([...when, [NEW_SOURCE]])}>{trans.__('or …')}</Button>
      </div>
      <Heading level={3} title={trans.__('Parameters')} />
      <GivenTable own={version.params} given={given} ways={[payloadWay(trans, pointersOf(when))]} onChange={setGiven} />
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={isWrong || save.isBusy}>{trans.__('Save trigger')}</Button>
        <Button onClick={onClose}>{trans.__('Close')}</Button>
      </div>
      <ErrorNote error={save.error} />
    </form>
  );
}

/** A trigger without what the daemon keeps of it. */
export function specOf({ id: _id, pipeline: _pipeline, faults: _faults, pending: _pending, lastFiredAt: _last, hookPath: _hook, createdBy: _by, createdAt: _at, ...spec }: Trigger): TriggerSpec {
  return spec;
}

/** A param that takes its value from what fires the trigger. */
function payloadWay(trans: TranslationBundle, pointers: readonly string[]): BindingWay<PayloadBinding> {
  return {
    key: 'payload',
    words: trans.__('comes from what fires it'),
    isOf: () => true,
    make: (param, pointer) => ({ param, pointer }),
    detailOf: binding => binding.pointer,
    detail: trans.__('found at'),
    first: pointers[0] ?? '/data',
    examples: pointers
  };
}
