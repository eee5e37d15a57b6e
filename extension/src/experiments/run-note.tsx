import { endpoints, type RunDetail } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote, Heading } from '../core/parts';
import { RichText } from '../core/rich-text';
import { useAction, useSlipway } from '../core/ui';

/** The run’s note, MLflow’s own: read, written, cleared. */
export function RunNote({ run, onSaved }: { run: RunDetail; onSaved: (run: RunDetail) => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const [draft, setDraft] = React.useState<string | null>(null);
  const save = useAction(async (note: string) => {
    onSaved(await client.call(endpoints.explore.edit, { params: { runId: run.id }, body: { note } }));
    setDraft(null);
  });
  return (
    <section className="jp-SlipwayRunNote">
      <Heading title={trans.__('Note')}>
        {draft === null && (
          <Button kind="link" onClick={() => setDraft(run.note)}>
            {run.note === '' ? trans.__('Write a note') : trans.__('Edit')}
          </Button>
        )}
      </Heading>
      {draft === null ? (
        run.note === '' ? <p className="jp-SlipwayFaint">{trans.__('What was tried here, and what came of it?')}</p> : <div className="jp-SlipwayRunNote-text"><RichText source={run.note} /></div>
      ) : (
        <>
          <textarea rows={5} maxLength={8_000} value={draft} autoFocus aria-label={trans.__('Note')} onChange={event => setDraft(event.target.value)} />
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
