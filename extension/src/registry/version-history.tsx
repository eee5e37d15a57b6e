import { endpoints } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime } from '../core/format';
import { keepFresh } from '../core/keep-fresh';
import { Loader } from '../core/loader';
import { Button, ErrorNote, StateMark } from '../core/parts';
import { personWord } from '../core/person-word';
import type { ISlipway } from '../core/tokens';
import { useSlipway } from '../core/ui';
import { happenings, type Happening } from './history';
import { useLoader } from './use-loader';

const MOST = 100;

/** All that happened to a version, newest first. */
export function VersionHistory({ name, version, me }: { name: string; version: string; me: string | null }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const { value, error, refresh } = useLoader(slipway => historyLoader(slipway, name, version), [name, version]);
  return (
    <>
      <ErrorNote error={error} onRetry={refresh} />
      <ol className="jp-SlipwayHistory" aria-label={trans.__('History')}>
        {(value?.list ?? []).map(({ key, at, by, words, state, promotionId }) => (
          <li key={key}>
            <time className="jp-SlipwayFaint" dateTime={at}>{formatTime(at)}</time>
            <StateMark state={state} label={state} />
            <span>
              {words}
              {by !== null && <span className="jp-SlipwayFaint"> · {personWord(trans, by, me)}</span>}
              {promotionId !== undefined && (
                <>
                  {' '}
                  <Button kind="link" onClick={() => void commands.execute(CommandIds.openPromotion, { promotionId })}>{trans.__('Open')}</Button>
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
      {value?.isCut && <p className="jp-SlipwayFaint">{trans.__('Older entries are not shown; the API has them.')}</p>}
    </>
  );
}

function historyLoader(slipway: ISlipway, name: string, version: string): Loader<{ list: Happening[]; isCut: boolean }> {
  const { client, trans } = slipway;
  const params = { name, version };
  const query = { limit: MOST };
  const loader = new Loader(async () => {
    const [changes, evaluations, promotions] = await Promise.all([
      client.call(endpoints.registry.history, { params, query }),
      client.call(endpoints.gates.evaluations, { params, query }),
      client.call(endpoints.promotions.list, { params: { name }, query: { limit: 500 } })
    ]);
    const list = happenings(trans, { changes: changes.items, evaluations: evaluations.items, promotions: promotions.items.filter(promotion => promotion.version === version) });
    const isCut = [changes, evaluations, promotions].some(page => page.nextCursor !== undefined);
    return { list: list.slice(0, MOST), isCut: isCut || list.length > MOST };
  });
  return keepFresh(slipway, loader, event => event.type === 'model.changed' && event.subject === name);
}
