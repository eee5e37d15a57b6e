import { endpoints, type RunDetail } from '@slipway/schema';
import * as React from 'react';
import { MarkdownEditor } from '../core/markdown-editor';
import { useSlipway } from '../core/ui';

/** The run’s note, MLflow’s own. */
export function RunNote({ run, onSaved }: { run: RunDetail; onSaved: (run: RunDetail) => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  return (
    <MarkdownEditor
      title={trans.__('Note')}
      text={run.note}
      words={{ write: trans.__('Write a note'), ask: trans.__('What was tried here, and what came of it?'), field: trans.__('Note') }}
      rows={5}
      maxLength={8_000}
      textClassName="jp-SlipwayRunNote-text"
      save={async note => onSaved(await client.call(endpoints.explore.edit, { params: { runId: run.id }, body: { note } }))}
    />
  );
}
