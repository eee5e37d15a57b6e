import type { Approval, Promotion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { waitingLoader } from '../registry/loaders';
import { useLoader } from '../registry/use-loader';
import { promotionTitle } from '../registry/words';
import { DecisionForm } from './decision-form';
import { approvalsLoader } from './loaders';

/** Steps and promotions that wait for a person's word, those the reader may decide first; nothing where none does. */
export function ApprovalsInbox(): React.JSX.Element | null {
  const { trans } = useSlipway();
  const { value, error, refresh } = useLoader(approvalsLoader, []);
  const promotions = useLoader(waitingLoader, []).value ?? [];
  const waiting = [...(value ?? [])].sort((a, b) => Number(isMine(b)) - Number(isMine(a)));
  if (waiting.length + promotions.length === 0) {
    return <ErrorNote error={error} onRetry={refresh} />;
  }
  return (
    <section aria-label={trans.__('Waiting for a decision')}>
      <Heading
        title={
          <>
            {trans.__('Waiting for a decision')}
            <span className="jp-SlipwayTabs-count">{waiting.length + promotions.length}</span>
          </>
        }
      />
      <ErrorNote error={error} onRetry={refresh} />
      <ul className="jp-SlipwayStarters-list jp-SlipwayInbox">
        {waiting.map(approval => (
          <WaitingStep key={`${approval.runId} ${approval.step}`} approval={approval} onDecided={refresh} />
        ))}
        {promotions.map(promotion => (
          <WaitingPromotion key={promotion.id} promotion={promotion} />
        ))}
      </ul>
    </section>
  );
}

function WaitingStep({ approval, onDecided }: { approval: Approval; onDecided: () => void }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const [isOpen, setOpen] = React.useState(isMine(approval));
  return (
    <li>
      <div>
        <Button kind="link" title={trans.__('Open the run')} onClick={() => void commands.execute(CommandIds.openRun, { runId: approval.runId })}>
          {approval.pipeline} · {approval.step}
        </Button>{' '}
        {!isMine(approval) && <span className="jp-SlipwayFaint">{trans.__('waits for somebody else')}</span>}
      </div>
      <Button kind="link" aria-expanded={isOpen} aria-label={isOpen ? trans.__('Hide the question of %1', approval.step) : trans.__('Show the question of %1', approval.step)} onClick={() => setOpen(!isOpen)}>
        {isOpen ? trans.__('Hide') : trans.__('Show')}
      </Button>
      {isOpen && <DecisionForm approval={approval} onDecided={onDecided} />}
    </li>
  );
}

function WaitingPromotion({ promotion }: { promotion: Promotion }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const label = promotionTitle(promotion);
  return (
    <li>
      <div>
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openPromotion, { promotionId: promotion.id, label })}>{label}</Button>{' '}
        <span className="jp-SlipwayFaint">{trans.__('promotion of a model')}</span>
      </div>
    </li>
  );
}

/** How many steps wait for the reader's own word, and the way to them; nothing where none does. */
export function WaitingApprovals(): React.JSX.Element | null {
  const { trans, commands } = useSlipway();
  const count = (useLoader(approvalsLoader, []).value ?? []).filter(isMine).length;
  const words = trans._n('%1 step waits for your decision', '%1 steps wait for your decision', count);
  return count === 0 ? null : (
    <button type="button" className="jp-SlipwayWaiting" title={words} aria-label={words} onClick={() => void commands.execute(CommandIds.openPipelines)}>
      {count}
    </button>
  );
}

const isMine = (approval: Approval): boolean => approval.mayNotDecide === null;
