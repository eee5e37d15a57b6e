import * as React from 'react';
import { Button } from '../core/parts';
import { useSlipway } from '../core/ui';
import { DEEPEST, type LineageModel } from './lineage-model';

/** Which way, how deep, and as of when one looks. */
export function ViewBar({ model }: { model: LineageModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const { isUp, isDown, depth, at } = model.view;
  return (
    <div className="jp-SlipwayLineage-bar" role="group" aria-label={trans.__('What is shown')}>
      <label className="jp-SlipwayCheck">
        <input type="checkbox" checked={isUp} onChange={event => model.set({ isUp: event.target.checked, isDown: isDown || !event.target.checked })} />
        {trans.__('What it came from')}
      </label>
      <label className="jp-SlipwayCheck">
        <input type="checkbox" checked={isDown} onChange={event => model.set({ isDown: event.target.checked, isUp: isUp || !event.target.checked })} />
        {trans.__('What it led to')}
      </label>
      <label className="jp-SlipwayCheck">
        {trans.__('Steps away')}
        <input type="number" className="jp-mod-styled" min={1} max={DEEPEST} value={depth} onChange={event => model.set({ depth: Math.min(DEEPEST, Math.max(1, Math.round(Number(event.target.value)) || 1)) })} />
      </label>
      <label className="jp-SlipwayCheck">
        {trans.__('As it was at')}
        <input type="datetime-local" className="jp-mod-styled" step={1} value={at ? localText(at) : ''} onChange={event => model.set({ at: event.target.value === '' ? null : new Date(event.target.value) })} />
      </label>
      {at && <Button kind="link" onClick={() => model.set({ at: null })}>{trans.__('Now')}</Button>}
    </div>
  );
}

/** As the field wants it: the local time without its zone. */
function localText(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
