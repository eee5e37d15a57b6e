import { endpoints, type ModelCard } from '@slipway/schema';
import * as React from 'react';
import { downloadText } from '../core/download';
import { formatTime } from '../core/format';
import { Button, ErrorNote, Heading } from '../core/parts';
import { personWord } from '../core/person-word';
import { RichText } from '../core/rich-text';
import { useSlipway } from '../core/ui';
import { CardForm } from './card-form';
import { cardLoader } from './loaders';
import { useLoader } from './use-loader';

/** A version's card: what people say of it, then what is known; edited, copied, downloaded. */
export function ModelCardView({ name, version, me }: { name: string; version: string; me: string | null }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const { value: card, error, refresh, put } = useLoader(slipway => cardLoader(slipway, name, version), [name, version]);
  const [edited, setEdited] = React.useState<ModelCard | null>(null);
  if (!card) {
    return error ? <ErrorNote error={error} onRetry={refresh} /> : <p className="jp-SlipwayFaint" role="status">{trans.__('Writing the card …')}</p>;
  }
  if (edited) {
    const reread = (): Promise<ModelCard> => client.call(endpoints.cards.get, { params: { name, version } });
    return <CardForm card={edited} me={me} reread={reread} onSaved={saved => [put(saved), setEdited(null)]} onCancel={() => setEdited(null)} />;
  }
  return (
    <div className="jp-SlipwayModelCard">
      <div className="jp-SlipwayProof-actions">
        <Button onClick={() => setEdited(card)}>{trans.__('Edit the card')}</Button>
        <Button onClick={() => void navigator.clipboard.writeText(card.markdown)}>{trans.__('Copy as Markdown')}</Button>
        <Button onClick={() => downloadText(`${name}-${version}.md`, card.markdown, 'text/markdown')}>{trans.__('Download')}</Button>
        <span className="jp-SlipwayFaint">{origin(card)}</span>
      </div>
      <ErrorNote error={error} />
      <Labels card={card} />
      {card.sections.map(section => (
        <section key={section.id} aria-label={section.title}>
          <Heading title={section.title} />
          {section.text.trim() === '' ? <p className="jp-SlipwayFaint">{section.hint}</p> : <RichText source={section.text} />}
        </section>
      ))}
      <RichText source={card.generated} />
    </div>
  );

  function origin({ updatedBy, updatedAt, inheritedFrom }: ModelCard): string {
    const written = updatedAt === null ? trans.__('Nobody has written anything yet.') : trans.__('Written %1 by %2.', formatTime(updatedAt), personWord(trans, updatedBy ?? '', me));
    return inheritedFrom === null ? written : `${written} ${trans.__('The text is that of version %1 until you edit it.', inheritedFrom)}`;
  }
}

function Labels({ card: { labels } }: { card: ModelCard }): React.JSX.Element {
  const { trans } = useSlipway();
  const facts: [string, string][] = [
    [trans.__('License'), labels.license ?? ''],
    [trans.__('Languages'), labels.language.join(', ')],
    [trans.__('Task'), labels.task ?? ''],
    [trans.__('Tags'), labels.tags.join(', ')]
  ];
  return (
    <dl className="jp-SlipwayFacts">
      {facts.filter(([, text]) => text !== '').map(([term, text]) => (
        <React.Fragment key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}
