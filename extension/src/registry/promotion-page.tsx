import type { DeclaredGates, Me, Promotion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { formatTime } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, ErrorNote, Heading, StateMark } from '../core/parts';
import { personWord } from '../core/person-word';
import { RichText } from '../core/rich-text';
import { useSignal, useSlipway } from '../core/ui';
import { CandidateDifferences } from './candidate-differences';
import { Evidence } from './evidence';
import { gatesLoader, meLoader, versionsLoader } from './loaders';
import { PromotionDecision } from './promotion-decision';
import { UndoNote, type Undoable } from '../core/undo';
import { useLoader } from './use-loader';
import { promotionState, promotionWord } from './words';

/** One promotion: everything that a decision needs, and the decision. */
export function PromotionPage({ loader }: { loader: Loader<Promotion> }): React.JSX.Element {
  useSignal(loader.changed);
  const me = useLoader(meLoader, []);
  const promotion = loader.value;
  return (
    <>
      {promotion === null && <DaemonNotice />}
      <ErrorNote error={loader.error ?? me.error} onRetry={() => [loader, me].forEach(each => each.refresh())} />
      {promotion && me.value && <PromotionView promotion={promotion} me={me.value} onDecided={next => loader.put(next)} />}
    </>
  );
}

function PromotionView({ promotion, me, onDecided }: { promotion: Promotion; me: Me; onDecided: (promotion: Promotion) => void }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const { model, version, alias } = promotion;
  const gates = useLoader(slipway => gatesLoader(slipway, model), [model]);
  const versions = useLoader(slipway => versionsLoader(slipway, model), [model]);
  const [done, setDone] = React.useState<Undoable | null>(null);
  const holder = versions.value?.find(each => each.aliases.includes(alias))?.version ?? null;
  return (
    <div className="jp-SlipwayPromotion">
      <Heading
        level={1}
        title={
          <>
            <Button kind="link" onClick={() => void commands.execute(CommandIds.openModel, { name: model, version })}>{trans.__('%1 version %2', model, version)}</Button> → @{alias}
          </>
        }
      />
      <DaemonNotice />
      <p className="jp-SlipwayRun-facts">
        <StateMark state={promotionState(promotion.status)} label={promotionWord(trans, promotion.status)} showLabel />
        <span className="jp-SlipwayFaint">{trans.__('asked %1 by %2', formatTime(promotion.requestedAt), personWord(trans, promotion.requestedBy, me.person))}</span>
        {promotion.status === 'open' && <span className="jp-SlipwayFaint">{trans.__('open until %1', formatTime(promotion.expiresAt))}</span>}
      </p>
      <UndoNote done={done} onGone={() => setDone(null)} />
      <div className="jp-SlipwayPromotion-columns">
        <div className="jp-SlipwayPromotion-facts">
          <Heading title={trans.__('What changes')} />
          {versions.value && <CandidateDifferences promotion={promotion} versions={versions.value} holder={holder} gates={gates.value?.gates ?? null} />}
          <ErrorNote error={versions.error} onRetry={versions.refresh} />
        </div>
        <aside className="jp-SlipwayPromotion-aside" aria-label={trans.__('Decision')}>
          <Instructions promotion={promotion} />
          <Gates promotion={promotion} declared={gates.value} me={me} />
          {gates.value && <PromotionDecision promotion={promotion} me={me} gates={gates.value.gates} holder={holder} onDecided={onDecided} onDone={setDone} />}
          <ErrorNote error={gates.error} onRetry={gates.refresh} />
        </aside>
      </div>
    </div>
  );
}

function Instructions({ promotion }: { promotion: Promotion }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <section aria-label={trans.__('Instructions')}>
      <Heading title={trans.__('What to look at')} />
      {promotion.instructions.trim() === '' ? <p className="jp-SlipwayFaint">{trans.__('Whoever asked left no instructions.')}</p> : <RichText source={promotion.instructions} />}
    </section>
  );
}

function Gates({ promotion, declared, me }: { promotion: Promotion; declared: DeclaredGates | null; me: Me }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <section aria-label={trans.__('Gates')}>
      <Heading title={trans.__('Gates')} />
      {promotion.gates ? (
        <Evidence evaluation={promotion.gates} me={me.person} />
      ) : (
        <p className="jp-SlipwayFaint">
          {declared?.updatedAt == null ? trans.__('This model declares none.') : trans.__('They were declared after this was asked.')}{' '}
          <Button kind="link" onClick={() => void commands.execute(CommandIds.openGates, { name: promotion.model })}>{trans.__('Open its gates')}</Button>
        </p>
      )}
    </section>
  );
}
