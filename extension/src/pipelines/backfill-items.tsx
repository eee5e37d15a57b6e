import { endpoints, type Backfill, type BackfillItem } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatDuration } from '../core/format';
import { Button, ErrorNote, StateMark } from '../core/parts';
import { stateWord } from '../core/states';
import { useSlipway } from '../core/ui';
import { useFetched } from '../core/use-fetched';
import { Choice } from './choice';
import { dayWords } from './zoned-day';

const PAGE = 50;
const COUNTED = ['failed', 'running', 'waiting', 'succeeded', 'cancelled'] as const;
type Shown = 'all' | (typeof COUNTED)[number];

/** The intervals of a backfill, a page at a time, read again as they go on: how each stands, why it failed, the way to its run. */
export function BackfillItems({ backfill }: { backfill: Backfill }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [cursors, setCursors] = React.useState<readonly (string | undefined)[]>([undefined]);
  const [shown, setShown] = React.useState<Shown>('all');
  const cursor = cursors.at(-1);
  const show = (next: Shown): void => {
    setShown(next);
    setCursors([undefined]);
  };
  const fetched = useFetched(signal => client.call(endpoints.backfills.items, { signal, params: { backfillId: backfill.id }, query: { limit: PAGE, ...(cursor !== undefined && { cursor }), ...(shown !== 'all' && { state: shown }) } }), [client, backfill.id, cursor, shown, backfill.state, JSON.stringify(backfill.counts)]);
  const next = fetched.value?.nextCursor;
  return (
    <div className="jp-SlipwayBackfill-items">
      <div className="jp-SlipwaySchedule-fields">
        <Choice label={trans.__('Intervals shown')} value={shown} onChange={show} options={[['all', trans.__('all')], ...COUNTED.map((state): [Shown, string] => [state, stateWord(trans, state)])]} />
      </div>
      {fetched.value?.items.length === 0 && <p className="jp-SlipwayFaint">{trans.__('No interval is so.')}</p>}
      {fetched.value && fetched.value.items.length > 0 && <ItemTable items={fetched.value.items} timeZone={backfill.timing.timeZone} />}
      {(cursors.length > 1 || next !== undefined) && (
        <div className="jp-SlipwayProof-actions">
          <Button disabled={cursors.length < 2} onClick={() => setCursors(cursors.slice(0, -1))}>{trans.__('Page before')}</Button>
          <Button disabled={next === undefined} onClick={() => setCursors([...cursors, next])}>{trans.__('Next page')}</Button>
        </div>
      )}
      <ErrorNote error={fetched.error} />
    </div>
  );
}

function ItemTable({ items, timeZone }: { items: readonly BackfillItem[]; timeZone: string }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <div className="jp-SlipwayScroll">
      <table className="jp-SlipwayTable" aria-label={trans.__('Intervals')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('From (%1)', timeZone)}</th>
            <th scope="col">{trans.__('To, not included')}</th>
            <th scope="col">{trans.__('State')}</th>
            <th scope="col">{trans.__('Took')}</th>
            <th scope="col">{trans.__('Run')}</th>
            <th scope="col">{trans.__('Error')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ ordinal, dataInterval, state, durationMs, runId, tries, error }) => (
            <tr key={ordinal}>
              <th scope="row">{dayWords(dataInterval.start, timeZone)}</th>
              <td>{dayWords(dataInterval.end, timeZone)}</td>
              <td><StateMark state={state} label={stateWord(trans, state)} showLabel /></td>
              <td>{durationMs === null ? '' : formatDuration(durationMs)}{tries > 1 && ` (${trans._n('%1 try', '%1 tries', tries)})`}</td>
              <td>{runId !== null && <Button kind="link" aria-label={trans.__('Open the run of %1', dayWords(dataInterval.start, timeZone))} onClick={() => void commands.execute(CommandIds.openRun, { runId })}>{trans.__('Open the run')}</Button>}</td>
              <td>{error}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
