import { endpoints, type ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { promotionTitle } from './words';

const DAY_S = 86_400;

/** Asks that a version get an alias; somebody else decides. */
export function PromotionForm({ version, onDone }: { version: ModelVersion; onDone: () => void }): React.JSX.Element {
  const { trans, client, commands } = useSlipway();
  const [alias, setAlias] = React.useState('champion');
  const [instructions, setInstructions] = React.useState('');
  const [days, setDays] = React.useState(7);
  const name = alias.trim().replace(/^@/, '');
  const ask = useAction(async () => {
    const body = { alias: name, instructions, expiresInSeconds: days * DAY_S };
    const promotion = await client.call(endpoints.promotions.request, { params: { name: version.name, version: version.version }, body });
    onDone();
    await commands.execute(CommandIds.openPromotion, { promotionId: promotion.id, label: promotionTitle(promotion) });
  });
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    ask.run();
  };
  return (
    <form className="jp-SlipwayPromotionForm" onSubmit={submit} aria-label={trans.__('Ask for a promotion')}>
      <div className="jp-SlipwayGates-row">
        <label className="jp-SlipwayField">
          <span>{trans.__('Alias')}</span>
          <input type="text" value={alias} autoFocus onChange={event => setAlias(event.target.value)} />
        </label>
        <label className="jp-SlipwayField">
          <span>{trans.__('Decide within')}</span>
          <select value={days} onChange={event => setDays(Number(event.target.value))}>
            {[1, 3, 7, 30, 90].map(count => (
              <option key={count} value={count}>{trans._n('%1 day', '%1 days', count)}</option>
            ))}
          </select>
        </label>
      </div>
      <label className="jp-SlipwayField">
        <span>{trans.__('What should they look at? (Markdown)')}</span>
        <textarea rows={4} maxLength={10_000} value={instructions} onChange={event => setInstructions(event.target.value)} />
      </label>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={ask.isBusy || name === ''}>{trans.__('Ask for the promotion')}</Button>
        <Button onClick={onDone}>{trans.__('Cancel')}</Button>
      </div>
      <ErrorNote error={ask.error} />
    </form>
  );
}
