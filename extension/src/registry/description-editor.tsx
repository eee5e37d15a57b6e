import { endpoints, type ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote, Heading } from '../core/parts';
import { RichText } from '../core/rich-text';
import { useAction, useSlipway } from '../core/ui';

/** What a person says of a version, as Markdown: read, written, cleared. */
export function DescriptionEditor({ version, onSaved }: { version: ModelVersion; onSaved: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [draft, setDraft] = React.useState<string | null>(null);
  const save = useAction(async (description: string) => {
    await client.call(endpoints.registry.editVersion, { params: { name: version.name, version: version.version }, body: { description } });
    onSaved();
    setDraft(null);
  });
  return (
    <section className="jp-SlipwayRunNote" aria-label={trans.__('Description')}>
      <Heading level={3} title={trans.__('Description')}>
        {draft === null && <Button kind="link" onClick={() => setDraft(version.description)}>{version.description === '' ? trans.__('Write a description') : trans.__('Edit')}</Button>}
      </Heading>
      {draft === null ? (
        version.description === '' ? <p className="jp-SlipwayFaint">{trans.__('What is new in this version, and why?')}</p> : <RichText source={version.description} />
      ) : (
        <>
          <textarea rows={8} maxLength={100_000} value={draft} autoFocus aria-label={trans.__('Description as Markdown')} onChange={event => setDraft(event.target.value)} />
          <div className="jp-SlipwayRunNote-actions">
            <Button kind="accept" disabled={save.isBusy} onClick={() => save.run(draft)}>{trans.__('Save')}</Button>
            <Button disabled={save.isBusy} onClick={() => setDraft(null)}>{trans.__('Cancel')}</Button>
          </div>
          <ErrorNote error={save.error} />
        </>
      )}
    </section>
  );
}
