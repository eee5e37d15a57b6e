import { endpoints, type MapItem, type PipelineRun, type StepRun } from '@slipway/schema';
import * as React from 'react';
import { formatDuration } from '../core/format';
import { Button, ErrorNote, StateMark } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { stateWord } from './words';

const PAGE = 50;
type Shown = 'all' | 'failed';

/** The items of a map: counts at first, a page of them when asked. */
export function MapItems({ run, step }: { run: PipelineRun; step: StepRun }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const [isOpen, setOpen] = React.useState(false);
  const [shown, setShown] = React.useState<Shown>('all');
  const [page, setPage] = React.useState<{ items: MapItem[]; nextCursor?: string }>({ items: [] });
  const load = useAction(async (of: Shown, cursor?: string) => {
    const query = { limit: PAGE, ...(cursor !== undefined && { cursor }), ...(of === 'failed' && { status: 'failed' as const }) };
    const next = await client.call(endpoints.orchestration.items, { params: { runId: run.runId, step: step.name }, query });
    setPage(before => ({ items: cursor === undefined ? next.items : [...before.items, ...next.items], ...(next.nextCursor !== undefined && { nextCursor: next.nextCursor }) }));
  });
  const { items } = step;
  const ended = items ? items.succeeded + items.failed : 0;
  React.useEffect(() => {
    if (isOpen) {
      load.run(shown);
    }
  }, [isOpen, shown, ended]);
  if (!items) {
    return null;
  }
  return (
    <section className="jp-SlipwayMap" aria-label={trans.__('Items')}>
      <div className="jp-SlipwayMap-summary">
        <progress max={items.total} value={ended} aria-label={trans.__('%1 of %2 items over', ended, items.total)} />
        <span>{summaryOf(items, trans)}</span>
        <Button kind="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? trans.__('Hide items') : trans.__('Show items')}</Button>
        {isOpen && items.failed > 0 && <Button kind="link" onClick={() => setShown(shown === 'all' ? 'failed' : 'all')}>{shown === 'all' ? trans.__('Only failed') : trans.__('All')}</Button>}
      </div>
      {isOpen && (
        <table className="jp-SlipwayTable">
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">{trans.__('Item')}</th>
              <th scope="col">{trans.__('State')}</th>
              <th scope="col">{trans.__('Took')}</th>
              <th scope="col">{trans.__('Error')}</th>
            </tr>
          </thead>
          <tbody>
            {page.items.map(item => (
              <tr key={item.index}>
                <td>{item.index}</td>
                <td><code>{item.item ?? trans.__('(stored value)')}</code></td>
                <td><StateMark state={item.status} label={stateWord(trans, item.status)} showLabel /></td>
                <td>{item.cached ? trans.__('reused') : item.durationMs === null ? '' : formatDuration(item.durationMs)}</td>
                <td>{item.error?.message ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isOpen && page.nextCursor !== undefined && <Button disabled={load.isBusy} onClick={() => load.run(shown, page.nextCursor)}>{trans.__('More')}</Button>}
      <ErrorNote error={load.error} />
    </section>
  );
}

function summaryOf(items: NonNullable<StepRun['items']>, trans: ReturnType<typeof useSlipway>['trans']): string {
  return [
    trans._n('%1 item', '%1 items', items.total),
    trans.__('%1 succeeded', items.succeeded),
    items.failed > 0 ? trans.__('%1 failed', items.failed) : '',
    items.open > 0 ? trans.__('%1 to go', items.open) : ''
  ]
    .filter(part => part !== '')
    .join(' · ');
}
