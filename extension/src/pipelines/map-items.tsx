import { endpoints, type MapItem, type PipelineRun, type StepRun } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { Refresher } from '../core/refresher';
import { isOver, stateWord } from '../core/states';
import { useAction, useSlipway } from '../core/ui';
import { MapItemTable } from './map-item-table';
import { Choice } from './choice';

const PAGE = 50;
/** Of ten thousand items some are over at any moment: the page is read again at most so often. */
const REFRESH_MS = 1_000;
const STATES = ['failed', 'running', 'queued', 'waiting', 'succeeded', 'cancelled'] as const;
type Shown = 'all' | (typeof STATES)[number];

/** Where a page begins: at an index, or behind the page before. */
type Place = { from: number } | { cursor: string };

interface Props {
  run: PipelineRun;
  step: StepRun;
  onChanged: (run: PipelineRun) => void;
}

/** The items of a map: counts at first; then a page of them at a time, those that failed first. */
export function MapItems({ run, step, onChanged }: Props): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const [isOpen, setOpen] = React.useState(false);
  const retry = useAction(async () => onChanged(await client.call(endpoints.pipelines.retryRun, { params: { runId: run.runId }, body: { failedItemsOf: step.name } })));
  const { items } = step;
  if (!items) {
    return null;
  }
  const ended = items.succeeded + items.failed;
  const mayRetry = items.failed > 0 && isOver(run.status);
  return (
    <section className="jp-SlipwayMap" aria-label={trans.__('Items')}>
      <div className="jp-SlipwayMap-summary">
        <progress max={items.total} value={ended} aria-label={trans.__('%1 of %2 items over', ended, items.total)} />
        <span>{summaryOf(items, trans)}</span>
        <Button kind="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? trans.__('Hide items') : trans.__('Show items')}</Button>
        {mayRetry && <Button disabled={retry.isBusy} onClick={() => retry.run()}>{trans._n('Run the failed item again', 'Run the %1 failed items again', items.failed)}</Button>}
      </div>
      <ErrorNote error={retry.error} />
      {isOpen && <ItemPages run={run} step={step} first={items.failed > 0 ? 'failed' : 'all'} ended={ended} total={items.total} />}
    </section>
  );
}

function ItemPages({ run, step, first, ended, total }: Omit<Props, 'onChanged'> & { first: Shown; ended: number; total: number }): React.JSX.Element {
  const { trans } = useSlipway();
  // Until somebody chooses, failed ones come to the front as soon as there are any.
  const [chosen, setChosen] = React.useState<Shown | null>(null);
  const shown = chosen ?? first;
  const [places, setPlaces] = React.useState<readonly Place[]>([{ from: 0 }]);
  const page = useItems(run, step, shown, places[places.length - 1]!, ended);
  const show = (next: Shown): void => {
    setChosen(next);
    setPlaces([{ from: 0 }]);
  };
  const goTo = (text: string): void => {
    const from = Math.floor(Number(text));
    if (text.trim() !== '' && from >= 0 && from < total) {
      setChosen(shown);
      setPlaces([{ from }]);
    }
  };
  return (
    <>
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('Items shown')} value={shown} onChange={next => show(next as Shown)} options={[['all', trans.__('all')], ...STATES.map((state): [string, string] => [state, stateWord(trans, state)])]} />
        <label className="jp-SlipwayField">
          <span>{trans.__('Begin at item')}</span>
          <input type="number" min={0} max={total - 1} step={1} placeholder="0" onChange={event => goTo(event.target.value)} />
        </label>
      </div>
      {page.items?.length === 0 ? <p className="jp-SlipwayFaint">{trans.__('No item is so.')}</p> : <MapItemTable run={run} step={step} items={page.items ?? []} />}
      <div className="jp-SlipwayProof-actions">
        <Button disabled={places.length < 2} onClick={() => setPlaces(places.slice(0, -1))}>{trans.__('Page before')}</Button>
        <Button disabled={page.nextCursor === undefined} onClick={() => (setChosen(shown), setPlaces([...places, { cursor: page.nextCursor! }]))}>{trans.__('Next page')}</Button>
      </div>
      <ErrorNote error={page.error} />
    </>
  );
}

interface ItemPage {
  /** null until the first answer. */
  items: MapItem[] | null;
  nextCursor?: string;
  error: Error | null;
}

/** A page of items, read again as items end. */
function useItems(run: PipelineRun, step: StepRun, shown: Shown, place: Place, ended: number): ItemPage {
  const { client } = useSlipway();
  const [page, setPage] = React.useState<ItemPage>({ items: null, error: null });
  const refresher = React.useRef<Refresher | null>(null);
  const key = JSON.stringify([shown, place]);
  React.useEffect(() => {
    let isGone = false;
    const query = { limit: PAGE, ...place, ...(shown !== 'all' && { status: shown }) };
    const opened = new Refresher(async () => {
      const next = await client.call(endpoints.orchestration.items, { params: { runId: run.runId, step: step.name }, query }).catch((error: Error) => error);
      if (!isGone) {
        setPage(before => (next instanceof Error ? { ...before, error: next } : { ...next, error: null }));
      }
    }, REFRESH_MS);
    refresher.current = opened;
    return () => {
      isGone = true;
      opened.stop();
    };
  }, [client, run.runId, step.name, key]);
  React.useEffect(() => refresher.current?.ask(), [key, ended, step.status, step.attempts, run.runId]);
  return page;
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
