import { endpoints, type ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { MarkdownEditor } from '../core/markdown-editor';
import { useSlipway } from '../core/ui';

/** What a person says of a version, as Markdown. */
export function DescriptionEditor({ version, onSaved }: { version: ModelVersion; onSaved: () => void }): React.JSX.Element {
  const { trans, client } = useSlipway();
  return (
    <MarkdownEditor
      title={trans.__('Description')}
      level={3}
      region={trans.__('Description')}
      text={version.description}
      words={{ write: trans.__('Write a description'), ask: trans.__('What is new in this version, and why?'), field: trans.__('Description as Markdown') }}
      rows={8}
      maxLength={100_000}
      save={async description => {
        await client.call(endpoints.registry.editVersion, { params: { name: version.name, version: version.version }, body: { description } });
        onSaved();
      }}
    />
  );
}
