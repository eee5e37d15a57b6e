import type { ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { DaemonNotice } from '../core/daemon-notice';
import { formatTime, formatValue } from '../core/format';
import type { Loader } from '../core/loader';
import { Empty, ErrorNote, Heading } from '../core/parts';
import { Tabs } from '../core/tabs';
import { useSignal, useSlipway } from '../core/ui';
import { AliasEditor } from './alias-editor';
import { LineageView } from './lineage-view';
import { PredictionForm } from './prediction-form';
import { SignatureTable } from './signature-table';

/** One model: its versions; of the chosen one what it takes, gives, came from. */
export function ModelPage({ loader, name, firstVersion }: { loader: Loader<ModelVersion[]>; name: string; firstVersion: string | null }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(loader.changed);
  const [chosen, setChosen] = React.useState(firstVersion);
  const versions = loader.value;
  const version = versions?.find(each => each.version === chosen) ?? versions?.[0];
  return (
    <>
      <Heading level={1} title={name} />
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {versions?.length === 0 && <Empty title={trans.__('This model has no version yet')} />}
      {versions && version && (
        <>
          <VersionTable versions={versions} chosen={version.version} onChoose={setChosen} />
          <VersionView key={version.version} version={version} onChanged={() => loader.refresh()} />
        </>
      )}
    </>
  );
}

function VersionTable({ versions, chosen, onChoose }: { versions: ModelVersion[]; chosen: string; onChoose: (version: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const metrics = [...new Set(versions.flatMap(version => Object.keys(version.metrics)))].slice(0, 5);
  return (
    <div className="jp-SlipwayScroll jp-SlipwayVersions">
      <table className="jp-SlipwayTable" aria-label={trans.__('Versions')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col">{trans.__('Aliases')}</th>
            {metrics.map(metric => (
              <th key={metric} scope="col">{metric}</th>
            ))}
            <th scope="col">{trans.__('Made')}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(version => (
            <tr key={version.version} data-selected={version.version === chosen || undefined}>
              <th scope="row">
                <button type="button" className="jp-SlipwayLink" aria-pressed={version.version === chosen} onClick={() => onChoose(version.version)}>
                  {trans.__('Version %1', version.version)}
                </button>
              </th>
              <td>
                {version.aliases.map(alias => (
                  <span key={alias} className="jp-SlipwayTag" data-kind="alias">@{alias}</span>
                ))}
              </td>
              {metrics.map(metric => (
                <td key={metric}>{formatValue(version.metrics[metric])}</td>
              ))}
              <td>{formatTime(version.createdAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function VersionView({ version, onChanged }: { version: ModelVersion; onChanged: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <section>
      <Heading title={trans.__('Version %1', version.version)}>
        <AliasEditor version={version} onChanged={onChanged} />
      </Heading>
      {version.description && <p>{version.description}</p>}
      <Tabs
        label={trans.__('About this version')}
        tabs={[
          { id: 'predict', label: trans.__('Predict'), draw: () => <PredictionForm version={version} /> },
          { id: 'signature', label: trans.__('Signature'), draw: () => <SignatureTable version={version} /> },
          { id: 'lineage', label: trans.__('Lineage'), draw: () => <LineageView name={version.name} version={version.version} /> }
        ]}
      />
    </section>
  );
}
