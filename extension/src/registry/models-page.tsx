import type { RegisteredModel } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { formatTime } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { Inbox } from './inbox';

/** All registered models. */
export function ModelsPage({ loader }: { loader: Loader<RegisteredModel[]> }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(loader.changed);
  const models = loader.value;
  return (
    <>
      <Heading level={1} title={trans.__('Models')}>
        {models && models.length > 0 && <Button onClick={() => void commands.execute(CommandIds.openComparison)}>{trans.__('Compare …')}</Button>}
      </Heading>
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {models && models.length > 0 && <Inbox />}
      {models && models.length > 0 && <Heading title={trans.__('All models')} />}
      {models?.length === 0 && (
        <Empty title={trans.__('No model yet')}>{trans.__('A model that a notebook saves (joblib, pickle, mlflow) is registered here by each run of its pipeline. Press Productionize in the notebook’s toolbar.')}</Empty>
      )}
      {models && models.length > 0 && (
        <div className="jp-SlipwayScroll">
          <table className="jp-SlipwayTable">
            <thead>
              <tr>
                <th scope="col">{trans.__('Name')}</th>
                <th scope="col">{trans.__('Newest version')}</th>
                <th scope="col">{trans.__('Aliases')}</th>
                <th scope="col">{trans.__('Changed')}</th>
              </tr>
            </thead>
            <tbody>
              {models.map(model => (
                <ModelRow key={model.name} model={model} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function ModelRow({ model }: { model: RegisteredModel }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <tr>
      <th scope="row">
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openModel, { name: model.name })}>{model.name}</Button>
      </th>
      <td>
        {model.latestVersion === null ? '–' : trans.__('version %1', model.latestVersion)} <span className="jp-SlipwayFaint">{trans.__('of %1', model.versionCount)}</span>
      </td>
      <td>
        {Object.entries(model.aliases).map(([alias, version]) => (
          <span key={alias} className="jp-SlipwayTag" data-kind="alias">@{alias} → {version}</span>
        ))}
      </td>
      <td>{formatTime(model.updatedAt)}</td>
    </tr>
  );
}
