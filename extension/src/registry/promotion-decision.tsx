import { endpoints, type Me, type ModelGates, type Promotion } from '@slipway/schema';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote, Heading } from '../core/parts';
import { personWord } from '../core/person-word';
import { useAction, useSlipway } from '../core/ui';
import { moveAlias } from './aliases';
import { approvalObstacle, mayWithdraw, needsOverride, rejectionObstacle, type Obstacle } from './decision';
import type { Undoable } from '../core/undo';
import { promotionWord } from './words';

interface Props {
  promotion: Promotion;
  me: Me;
  gates: ModelGates;
  /** The version that has the alias now. */
  holder: string | null;
  onDecided: (promotion: Promotion) => void;
  onDone: (done: Undoable) => void;
}

/** Yes, no, or taken back: each with the words that go with it; or what was decided. */
export function PromotionDecision(props: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const { promotion, me, holder } = props;
  if (promotion.status === 'open') {
    return <OpenDecision {...props} />;
  }
  return (
    <section aria-label={trans.__('What was decided')}>
      <Heading title={promotionWord(trans, promotion.status)} />
      <p className="jp-SlipwayFaint">
        {promotion.decidedBy !== null ? trans.__('%1 by %2', formatTime(promotion.decidedAt!), personWord(trans, promotion.decidedBy, me.person)) : trans.__('Nobody decided before %1.', formatTime(promotion.expiresAt))}
      </p>
      {promotion.status === 'approved' && promotion.version !== holder && (
        <p className="jp-SlipwayFaint">{holder === null ? trans.__('Since then @%1 was taken away: no version has it.', promotion.alias) : trans.__('Since then @%1 was moved: version %2 has it.', promotion.alias, holder)}</p>
      )}
      {promotion.comment !== null && <p className="jp-SlipwayPromotion-comment">{promotion.comment}</p>}
    </section>
  );
}

function OpenDecision({ promotion, me, gates, onDecided, onDone }: Props): React.JSX.Element {
  const slipway = useSlipway();
  const { trans, client } = slipway;
  const [comment, setComment] = React.useState('');
  const [isOverride, setOverride] = React.useState(false);
  const hintId = React.useId();
  const params = { promotionId: promotion.id };
  const state = { promotion, me, selfApproval: gates.selfApproval, comment, isOverride };
  const [yes, no] = [approvalObstacle(state), rejectionObstacle(state)];
  const approve = useAction(async () => {
    const decided = await client.call(endpoints.promotions.approve, { params, body: { comment, overrideGates: isOverride } });
    onDecided(decided);
    // Where only promotions move the champion, the way back is another promotion.
    if (!(gates.requireApproval && promotion.alias === 'champion')) {
      onDone({ words: trans.__('@%1 is version %2 now.', promotion.alias, promotion.version), undo: () => moveAlias(slipway, { model: promotion.model, alias: promotion.alias, to: decided.replaced, isUndo: true }) });
    }
  });
  const reject = useAction(async () => onDecided(await client.call(endpoints.promotions.reject, { params, body: { comment } })));
  const withdraw = useAction(async () => onDecided(await client.call(endpoints.promotions.withdraw, { params, body: comment.trim() === '' ? {} : { comment } })));
  const isBusy = approve.isBusy || reject.isBusy || withdraw.isBusy;
  const isWithdrawable = mayWithdraw(promotion, me);
  return (
    <section aria-label={trans.__('Decide')}>
      <Heading title={trans.__('Decide')} />
      <label className="jp-SlipwayField">
        <span>{trans.__('Comment: what did you look at?')}</span>
        <textarea rows={4} maxLength={5_000} value={comment} onChange={event => setComment(event.target.value)} />
      </label>
      {needsOverride(promotion) && no !== 'own_request' && no !== 'no_permission' && (
        <label className="jp-SlipwayCheck">
          <input type="checkbox" checked={isOverride} onChange={event => setOverride(event.target.checked)} />
          {trans.__('Let it through although it fails its gates; my comment says why')}
        </label>
      )}
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" disabled={yes !== null || isBusy} aria-describedby={hintId} onClick={() => approve.run()}>{trans.__('Approve')}</Button>
        <Button kind="warn" disabled={no !== null || isBusy} aria-describedby={hintId} onClick={() => reject.run()}>{trans.__('Reject')}</Button>
        {isWithdrawable && <Button disabled={isBusy} onClick={() => withdraw.run()}>{trans.__('Withdraw')}</Button>}
      </div>
      <p id={hintId} className="jp-SlipwayFaint" role="status">{obstacleWord(trans, yes ?? no)}</p>
      <ErrorNote error={approve.error ?? reject.error ?? withdraw.error} />
    </section>
  );
}

/** Why a button cannot be pressed. */
function obstacleWord(trans: TranslationBundle, obstacle: Obstacle | null): string {
  const words: Record<Obstacle, string> = {
    closed: trans.__('This promotion is decided.'),
    no_permission: trans.__('Who decides needs the permission registry:approve.'),
    own_request: trans.__('You asked for this: somebody else must decide, unless the model’s gates let who asks approve too. You may withdraw it.'),
    gates: trans.__('It fails its gates: reject it, or say that you let it through all the same.'),
    comment: trans.__('A comment is due with either decision.')
  };
  return obstacle === null ? '' : words[obstacle];
}
