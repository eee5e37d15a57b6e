import { endpoints, type ModelCard } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { personWord } from '../core/person-word';
import { SlipwayError } from '../core/slipway-error';
import { useAction, useSlipway } from '../core/ui';
import { cardDraftOf, readCardDraft } from './card-draft';

interface Props {
  /** As it was when the editing began. */
  card: ModelCard;
  me: string | null;
  /** The card as it is now. */
  reread: () => Promise<ModelCard>;
  onSaved: (card: ModelCard) => void;
  onCancel: () => void;
}

/** A person's part of the card; where somebody else wrote meanwhile, they say whose words stand. */
export function CardForm({ card, me, reread, onSaved, onCancel }: Props): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [draft, setDraft] = React.useState(() => cardDraftOf(card));
  const [theirs, setTheirs] = React.useState<ModelCard | null>(null);
  const save = useAction(async (revision: number) => {
    try {
      onSaved(await client.call(endpoints.cards.edit, { params: { name: card.model, version: card.version }, body: readCardDraft(draft, card, revision) }));
    } catch (error) {
      if (error instanceof SlipwayError && error.code === 'card_changed') {
        setTheirs(await reread());
      }
      throw error;
    }
  });
  const field = (key: 'license' | 'language' | 'task' | 'tags', label: string, placeholder: string): React.JSX.Element => (
    <label className="jp-SlipwayField">
      <span>{label}</span>
      <input type="text" size={26} value={draft[key]} placeholder={placeholder} onChange={event => setDraft({ ...draft, [key]: event.target.value })} />
    </label>
  );
  return (
    <form className="jp-SlipwayCardForm" aria-label={trans.__('Model card')} onSubmit={event => [event.preventDefault(), save.run((theirs ?? card).revision)]}>
      <p className="jp-SlipwayFaint">{trans.__('Markdown. What is known by itself (metrics, data, cells, environment, gates) stands below your text and is made anew each time.')}</p>
      {card.sections.map(section => (
        <label key={section.id} className="jp-SlipwayField">
          <span>{section.title}</span>
          <textarea rows={3} maxLength={50_000} value={draft.sections[section.id] ?? ''} placeholder={section.hint} onChange={event => setDraft({ ...draft, sections: { ...draft.sections, [section.id]: event.target.value } })} />
        </label>
      ))}
      <div className="jp-SlipwayGates-row">
        {field('license', trans.__('License'), 'apache-2.0')}
        {field('language', trans.__('Languages'), 'en, de')}
        {field('task', trans.__('Task'), 'tabular-classification')}
        {field('tags', trans.__('Tags'), 'fraud, tabular')}
      </div>
      {theirs && (
        <div className="jp-SlipwayNote" data-kind="warning" role="alert">
          {trans.__('%1 wrote while you did. Saving again puts your sections over theirs; the others stay as they wrote them.', personWord(trans, theirs.updatedBy ?? '', me))}
          <Button kind="link" onClick={() => onSaved(theirs)}>{trans.__('Take theirs and drop mine')}</Button>
        </div>
      )}
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" type="submit" disabled={save.isBusy}>{theirs ? trans.__('Save mine') : trans.__('Save')}</Button>
        <Button onClick={onCancel}>{trans.__('Cancel')}</Button>
      </div>
      {theirs === null && <ErrorNote error={save.error} />}
    </form>
  );
}
