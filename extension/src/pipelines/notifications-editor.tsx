import { Notification } from '@slipway/schema';
import * as React from 'react';
import { Button, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { CheckList } from './check-list';
import { listOf } from './people-editor';
import { TextField } from './text-field';

/** All that there may be news of. */
export const OCCASIONS = Notification.shape.on.element.options;

/** Who hears of the runs: where news go, and which. */
export function NotificationsEditor({ notifications, onChange }: { notifications: readonly Notification[]; onChange: (notifications: Notification[]) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const change = (index: number, next: Notification): void => onChange(notifications.map((each, i) => (i === index ? next : each)));
  return (
    <section aria-label={trans.__('News')}>
      <Heading title={trans.__('News')}>
        <Button onClick={() => onChange([...notifications, { on: ['failed'], to: { email: [] } }])}>{trans.__('Add mail')}</Button>
        <Button onClick={() => onChange([...notifications, { on: ['failed'], to: { webhook: '' } }])}>{trans.__('Add a webhook')}</Button>
      </Heading>
      {notifications.length === 0 && <p className="jp-SlipwayFaint">{trans.__('Nobody is told of its runs.')}</p>}
      {notifications.map((each, index) => (
        <fieldset key={index} className="jp-SlipwayEditor-item">
          <legend>{'email' in each.to ? trans.__('Mail') : trans.__('Webhook')}</legend>
          {'email' in each.to ? (
            <TextField label={trans.__('Addresses, by commas')} value={each.to.email.join(', ')} isWrong={each.to.email.length === 0} hint="ml@example.org" onCommit={text => change(index, { ...each, to: { email: listOf(text) } })} />
          ) : (
            <TextField label={trans.__('URL')} value={each.to.webhook} isWrong={each.to.webhook === ''} hint="https://example.org/hook" onCommit={text => change(index, { ...each, to: { webhook: text.trim() } })} />
          )}
          <CheckList label={trans.__('When a run is, or has')} options={OCCASIONS} chosen={each.on} onChange={on => change(index, { ...each, on: on as Notification['on'] })} />
          <Button kind="link" aria-label={trans.__('Remove the news %1', index + 1)} onClick={() => onChange(notifications.filter((_, i) => i !== index))}>{trans.__('Remove')}</Button>
        </fieldset>
      ))}
    </section>
  );
}
