import { endpoints, type ArtifactPreview, type RunArtifact } from '@slipway/schema';
import * as React from 'react';
import { baseName, formatBytes } from '../core/format';
import { Button, Empty, ErrorNote } from '../core/parts';
import { useSlipway } from '../core/ui';
import { FilePreview } from './file-preview';
import { fileUrl } from './file-url';
import { useFetched } from '../core/use-fetched';

/** The run’s files as a tree, with a preview of the one that is chosen. */
export function RunFiles({ runId }: { runId: string }): React.JSX.Element {
  const { trans } = useSlipway();
  const [path, setPath] = React.useState<string | null>(null);
  const root = useFolder(runId, '', true);
  if (root.items?.length === 0) {
    return <Empty title={trans.__('No file')}>{trans.__('mlflow.log_artifact(…), log_figure(…) and log_model(…) put files here.')}</Empty>;
  }
  return (
    <div className="jp-SlipwayFiles">
      <nav aria-label={trans.__('Files of the run')}>
        <ErrorNote error={root.error} />
        <Entries runId={runId} items={root.items ?? []} chosen={path} onChoose={setPath} />
      </nav>
      <section aria-label={trans.__('Preview')}>
        {path === null ? <Empty title={trans.__('Choose a file to see it')} /> : <Preview key={path} runId={runId} path={path} />}
      </section>
    </div>
  );
}

interface EntriesProps {
  runId: string;
  items: RunArtifact[];
  chosen: string | null;
  onChoose: (path: string) => void;
}

function Entries({ runId, items, chosen, onChoose }: EntriesProps): React.JSX.Element {
  return (
    <ul>
      {items.map(item => (
        <li key={item.path}>
          {item.isFolder ? (
            <Folder runId={runId} path={item.path} chosen={chosen} onChoose={onChoose} />
          ) : (
            <button type="button" aria-current={item.path === chosen ? 'true' : undefined} onClick={() => onChoose(item.path)}>
              <span>{baseName(item.path)}</span>
              {item.sizeBytes !== null && <span className="jp-SlipwayFaint">{formatBytes(item.sizeBytes)}</span>}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Folder({ runId, path, chosen, onChoose }: Omit<EntriesProps, 'items'> & { path: string }): React.JSX.Element {
  const [isOpen, setOpen] = React.useState(false);
  const folder = useFolder(runId, path, isOpen);
  return (
    <>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span>
          <span aria-hidden="true">{isOpen ? '▾ ' : '▸ '}</span>
          {baseName(path)}/
        </span>
      </button>
      <ErrorNote error={folder.error} />
      {isOpen && folder.items && <Entries runId={runId} items={folder.items} chosen={chosen} onChoose={onChoose} />}
    </>
  );
}

function Preview({ runId, path }: { runId: string; path: string }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const { value, error } = useFetched<ArtifactPreview>(signal => client.call(endpoints.explore.preview, { params: { runId }, query: { path }, signal }), [runId, path]);
  return (
    <>
      <header className="jp-SlipwayFiles-title">
        <strong>{path}</strong>
        {value && <span className="jp-SlipwayFaint">{formatBytes(value.sizeBytes)}</span>}
        <a className="jp-SlipwayLink" href={fileUrl(runId, path, true)} download={baseName(path)}>
          {trans.__('Download')}
        </a>
        <Button kind="link" onClick={() => void navigator.clipboard.writeText(path)}>{trans.__('Copy the path')}</Button>
      </header>
      <ErrorNote error={error} />
      {value && <FilePreview preview={value} url={fileUrl(runId, path)} />}
    </>
  );
}

function useFolder(runId: string, path: string, isOn: boolean): { items: RunArtifact[] | null; error: Error | null } {
  const { client } = useSlipway();
  const { value, error } = useFetched(signal => (isOn ? client.call(endpoints.explore.artifacts, { params: { runId }, query: { path }, signal }) : Promise.resolve(null)), [runId, path, isOn]);
  return { items: value?.items ?? null, error };
}
