import type { Promotion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime } from '../core/format';
import { Button, ErrorNote, Heading, StateMark } from '../core/parts';
import { personWord } from '../core/person-word';
import { useSlipway } from '../core/ui';
import { meLoader, waitingLoader } from './loaders';
import { useLoader } from './use-loader';
import { promotionTitle, verdictState, verdictWord } from './words';

/** Promotions of all models that wait for somebody's word. */
export function Inbox(): React.JSX.Element {
  const { trans } = useSlipway();
  const { value, error, refresh } = useLoader(waitingLoader, []);
  const me = useLoader(meLoader, []).value?.person ?? null;
  return (
    <section aria-label={trans.__('Waiting for a decision')}>
      <Heading
        title={
          <>
            {trans.__('Waiting for a decision')}
            {value && value.length > 0 && <span className="jp-SlipwayTabs-count">{value.length}</span>}
          </>
        }
      />
      <ErrorNote error={error} onRetry={refresh} />
      {value === null && error === null && <p className="jp-SlipwayFaint" role="status">{trans.__('Looking …')}</p>}
      {value?.length === 0 && <p className="jp-SlipwayFaint">{trans.__('Nothing waits. Ask for a promotion on the page of a model’s version.')}</p>}
      {value && value.length > 0 && (
        <div className="jp-SlipwayScroll">
          <table className="jp-SlipwayTable">
            <thead>
              <tr>
                <th scope="col">{trans.__('Promotion')}</th>
                <th scope="col">{trans.__('Gates')}</th>
                <th scope="col">{trans.__('Asked')}</th>
                <th scope="col">{trans.__('Open until')}</th>
              </tr>
            </thead>
            <tbody>
              {value.map(promotion => (
                <Row key={promotion.id} promotion={promotion} me={me} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ promotion, me }: { promotion: Promotion; me: string | null }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const { id, model, version, alias, gates } = promotion;
  const title = trans.__('%1 version %2 → @%3', model, version, alias);
  return (
    <tr>
      <th scope="row">
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openPromotion, { promotionId: id, label: promotionTitle(promotion) })}>{title}</Button>
      </th>
      <td>{gates ? <StateMark state={verdictState(gates)} label={verdictWord(trans, gates)} showLabel /> : <span className="jp-SlipwayFaint">{trans.__('none declared')}</span>}</td>
      <td>{trans.__('%1 by %2', formatTime(promotion.requestedAt), personWord(trans, promotion.requestedBy, me))}</td>
      <td>{formatTime(promotion.expiresAt)}</td>
    </tr>
  );
}

/** How many promotions wait, and the way to them; nothing where none does. */
export function WaitingCount(): React.JSX.Element | null {
  const { trans, commands } = useSlipway();
  const count = useLoader(waitingLoader, []).value?.length ?? 0;
  const words = trans._n('%1 promotion waits for a decision', '%1 promotions wait for a decision', count);
  return count === 0 ? null : (
    <button type="button" className="jp-SlipwayWaiting" title={words} aria-label={words} onClick={() => void commands.execute(CommandIds.openModels)}>
      {count}
    </button>
  );
}
