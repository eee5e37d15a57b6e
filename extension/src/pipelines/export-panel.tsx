import { endpoints, type ExportTarget, type PipelineSourceFile } from '@slipway/schema';
import * as React from 'react';
import { downloadText } from '../core/download';
import { baseName } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { Code } from '../core/rich-text';
import { Tabs } from '../core/tabs';
import { useSlipway } from '../core/ui';
import { useFetched } from '../core/use-fetched';

interface Exported {
  files: readonly PipelineSourceFile[];
  /** What has no equivalent there. */
  warnings: readonly string[];
}

/** A pipeline as files: Slipway's own, to keep in a repository, or another orchestrator's. */
export function ExportPanel({ pipeline }: { pipeline: string }): React.JSX.Element {
  const { trans, client } = useSlipway();
  const params = { name: pipeline };
  const own = async (): Promise<Exported> => ({ files: (await client.call(endpoints.pipelineFiles.files, { params })).files, warnings: [] });
  const foreign = (target: ExportTarget) => async (): Promise<Exported> => {
    const { fileName, text, warnings } = await client.call(endpoints.pipelineFiles.export, { params: { ...params, target } });
    return { files: [{ path: fileName, text }], warnings };
  };
  const targets = [
    { id: 'slipway', label: trans.__('Pipeline file'), fetch: own },
    { id: 'airflow', label: 'Airflow', fetch: foreign('airflow') },
    { id: 'kfp', label: 'Kubeflow Pipelines', fetch: foreign('kfp') },
    { id: 'argo', label: 'Argo Workflows', fetch: foreign('argo') }
  ];
  return (
    <section className="jp-SlipwayExport" aria-label={trans.__('Export')}>
      <Tabs label={trans.__('Export for')} tabs={targets.map(({ id, label, fetch }) => ({ id, label, draw: () => <Preview key={id} fetch={fetch} /> }))} />
    </section>
  );
}

function Preview({ fetch }: { fetch: () => Promise<Exported> }): React.JSX.Element {
  const { trans } = useSlipway();
  const { value: exported, error } = useFetched(fetch, []);
  if (exported === null) {
    return error ? <ErrorNote error={error} /> : <p role="status">{trans.__('Writing the files …')}</p>;
  }
  return (
    <>
      {exported.warnings.length > 0 && (
        <div className="jp-SlipwayNote" role="note">
          <p>{trans._n('One thing has no equivalent there:', '%1 things have no equivalent there:', exported.warnings.length)}</p>
          <ul>{exported.warnings.map(warning => <li key={warning}>{warning}</li>)}</ul>
        </div>
      )}
      {exported.files.map(({ path, text }) => (
        <figure key={path} className="jp-SlipwayExport-file">
          <figcaption>
            <code>{path}</code> <Button onClick={() => downloadText(baseName(path), text)}>{trans.__('Download')}</Button>
          </figcaption>
          <div className="jp-SlipwayExport-text" tabIndex={0}>
            <Code source={text} language={path.endsWith('.py') ? 'python' : 'yaml'} />
          </div>
        </figure>
      ))}
    </>
  );
}
