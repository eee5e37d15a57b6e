import * as React from 'react';
import { Button, ErrorNote, Heading } from './parts';
import { RichText } from './rich-text';
import { useAction, useSlipway } from './ui';

export interface MarkdownEditorProps {
  title: string;
  level?: 2 | 3;
  /** Names the whole part as a region, where it should be one. */
  region?: string;
  text: string;
  /** What the button says while nothing is written, what is asked then, and what the field is called. */
  words: { write: string; ask: string; field: string };
  rows: number;
  maxLength: number;
  /** Around the text while it is read. */
  textClassName?: string;
  save: (text: string) => Promise<void>;
}

/** What a person writes as Markdown: read, written, cleared. */
export function MarkdownEditor({ title, level, region, text, words, rows, maxLength, textClassName, save: keep }: MarkdownEditorProps): React.JSX.Element {
  const { trans } = useSlipway();
  const [draft, setDraft] = React.useState<string | null>(null);
  const save = useAction(async (written: string) => {
    await keep(written);
    setDraft(null);
  });
  const shown = <RichText source={text} />;
  return (
    <section className="jp-SlipwayRunNote" aria-label={region}>
      <Heading level={level} title={title}>
        {draft === null && <Button kind="link" onClick={() => setDraft(text)}>{text === '' ? words.write : trans.__('Edit')}</Button>}
      </Heading>
      {draft === null ? (
        text === '' ? <p className="jp-SlipwayFaint">{words.ask}</p> : textClassName === undefined ? shown : <div className={textClassName}>{shown}</div>
      ) : (
        <>
          <textarea rows={rows} maxLength={maxLength} value={draft} autoFocus aria-label={words.field} onChange={event => setDraft(event.target.value)} />
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
