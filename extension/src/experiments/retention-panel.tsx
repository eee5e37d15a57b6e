import { endpoints, type KeepReason, type RetentionPreview, type RetentionRule } from '@slipway/schema';
import * as React from 'react';
import { formatBytes } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import type { ExperimentsModel } from './experiments-model';
import { Popover } from './popover';

const FRESH: RetentionRule = { keepNewest: 100, keepDays: 90, keepBest: null, purgeAfterDays: null, isEnabled: true };

/** Which runs of the experiment stay; what the rule would do is told before it is kept. */
export function RetentionPopover({ model }: { model: ExperimentsModel }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const { experimentId } = model;
  return experimentId === null ? null : (
    <Popover label={trans.__('Retention')}>
      <RetentionForm key={experimentId} experimentId={experimentId} metrics={model.available?.metrics.map(metric => metric.key) ?? []} />
    </Popover>
  );
}

function RetentionForm({ experimentId, metrics }: { experimentId: string; metrics: string[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const { isLoaded, kept, draft, setDraft, preview, load, save, remove } = useRetention(experimentId);
  React.useEffect(() => load.run(), []);
  const change = (part: Partial<RetentionRule>): void => setDraft({ ...draft, ...part });
  const isKept = JSON.stringify(kept) === JSON.stringify(draft);
  if (!isLoaded) {
    return load.error ? <ErrorNote error={load.error} onRetry={() => load.run()} /> : <p role="status">{trans.__('Loading…')}</p>;
  }
  return (
    <form
      className="jp-SlipwayRetention"
      onSubmit={event => {
        event.preventDefault();
        save.run(draft);
      }}
    >
      <p>{kept === null ? trans.__('All runs of this experiment are kept. A rule deletes those that hold none of its conditions, every hour; they can be restored until they are purged.') : trans.__('Runs that hold none of these are deleted every hour; they can be restored until they are purged.')}</p>
      <NumberField label={trans.__('Keep the newest')} unit={trans.__('runs')} value={draft.keepNewest} onChange={keepNewest => change({ keepNewest })} />
      <NumberField label={trans.__('Keep those younger than')} unit={trans.__('days')} value={draft.keepDays} onChange={keepDays => change({ keepDays })} />
      <BestField metrics={metrics} value={draft.keepBest} onChange={keepBest => change({ keepBest })} />
      <NumberField label={trans.__('Purge deleted runs after')} unit={trans.__('days')} value={draft.purgeAfterDays} onChange={purgeAfterDays => change({ purgeAfterDays })} />
      <p className="jp-SlipwayFaint">{trans.__('Never deleted: runs that go on, pinned runs, runs with a note, runs of registered models.')}</p>
      <PreviewText preview={preview} />
      <ErrorNote error={save.error ?? remove.error} />
      <div className="jp-SlipwayPopover-actions">
        <Button kind="accept" type="submit" disabled={save.isBusy || isKept}>{kept === null ? trans.__('Keep to this rule') : trans.__('Save')}</Button>
        {kept !== null && <Button disabled={remove.isBusy} onClick={() => remove.run()}>{trans.__('Keep all runs')}</Button>}
      </div>
    </form>
  );
}

/** The rule as it is, the one being written, and what that would do now. */
function useRetention(experimentId: string) {
  const { client } = useSlipway();
  const params = { experimentId };
  const [isLoaded, setLoaded] = React.useState(false);
  const [kept, setKept] = React.useState<RetentionRule | null>(null);
  const [draft, setDraft] = React.useState<RetentionRule>(FRESH);
  const [preview, setPreview] = React.useState<RetentionPreview | null>(null);
  const take = (rule: RetentionRule | null): void => {
    setKept(rule);
    setDraft(rule ?? FRESH);
    setLoaded(true);
  };
  const load = useAction(async () => take((await client.call(endpoints.upkeep.retention, { params })).rule));
  const save = useAction(async (rule: RetentionRule) => take((await client.call(endpoints.upkeep.setRetention, { params, body: rule })).rule));
  const remove = useAction(async () => {
    await client.call(endpoints.upkeep.removeRetention, { params });
    take(null);
  });
  React.useEffect(() => {
    const abort = new AbortController();
    setPreview(null);
    const timer = setTimeout(() => {
      client.call(endpoints.upkeep.previewRetention, { params, body: draft, signal: abort.signal }).then(setPreview, () => setPreview(null)); // a rule that says nothing has no preview
    }, 400);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [JSON.stringify(draft)]);
  return { isLoaded, kept, draft, setDraft, preview, load, save, remove };
}

function PreviewText({ preview }: { preview: RetentionPreview | null }): React.JSX.Element {
  const { trans } = useSlipway();
  const reasons: Record<KeepReason, string> = { running: trans.__('going on'), registered: trans.__('registered'), pinned: trans.__('pinned'), note: trans.__('with a note'), newest: trans.__('newest'), young: trans.__('young'), best: trans.__('best'), family: trans.__('related to those') };
  if (preview === null) {
    return <p className="jp-SlipwayFaint" role="status">{trans.__('Looking what this would do…')}</p>;
  }
  const keeps = preview.keeps.map(({ reason, count }) => `${count.toLocaleString()} ${reasons[reason]}`).join(', ');
  return (
    <p className="jp-SlipwayNote" data-kind={preview.deletes > 0 ? 'warning' : 'ok'} role="status">
      <span>{preview.deletes === 0 ? trans.__('Now it would delete nothing.') : trans._n('Now it would delete %1 run; purged, that frees %2.', 'Now it would delete %1 runs; purged, that frees %2.', preview.deletes, formatBytes(preview.freesBytes))}</span>
      {keeps !== '' && <span>{trans.__('It keeps: %1.', keeps)}</span>}
    </p>
  );
}

function NumberField({ label, unit, value, onChange }: { label: string; unit: string; value: number | null; onChange: (value: number | null) => void }): React.JSX.Element {
  return (
    <label className="jp-SlipwayRetention-field">
      <span>{label}</span>
      <input type="number" min={0} max={36_500} value={value ?? ''} placeholder="–" onChange={event => onChange(event.target.value === '' ? null : Math.max(0, Math.floor(Number(event.target.value))))} />
      <span>{unit}</span>
    </label>
  );
}

function BestField({ metrics, value, onChange }: { metrics: string[]; value: RetentionRule['keepBest']; onChange: (value: RetentionRule['keepBest']) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const id = React.useId();
  return (
    <div className="jp-SlipwayRetention-field">
      <label htmlFor={id}>{trans.__('Keep the best')}</label>
      <input id={id} type="number" min={1} max={36_500} value={value?.count ?? ''} placeholder="–" disabled={metrics.length === 0} onChange={event => onChange(event.target.value === '' ? null : { metric: value?.metric ?? metrics[0]!, goal: value?.goal ?? 'max', count: Math.max(1, Math.floor(Number(event.target.value))) })} />
      {value && (
        <>
          <select aria-label={trans.__('Best by')} value={value.metric} onChange={event => onChange({ ...value, metric: event.target.value })}>
            {[...new Set([value.metric, ...metrics])].map(key => <option key={key}>{key}</option>)}
          </select>
          <select aria-label={trans.__('Better is')} value={value.goal} onChange={event => onChange({ ...value, goal: event.target.value === 'min' ? 'min' : 'max' })}>
            <option value="max">{trans.__('highest')}</option>
            <option value="min">{trans.__('lowest')}</option>
          </select>
        </>
      )}
    </div>
  );
}
