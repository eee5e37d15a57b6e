import type { ModelVersion, Promotion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { formatTime, formatValue } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, Empty, ErrorNote, Heading, StateMark } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { meLoader, promotionsLoader } from './loaders';
import type { ModelPlace } from './model-place';
import { useLoader } from './use-loader';
import { VersionView } from './version-view';
import { verdictState, verdictWord } from './words';

/** One model: its versions, and all about the chosen one. */
export function ModelPage({ loader, name, place }: { loader: Loader<ModelVersion[]>; name: string; place: ModelPlace }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(loader.changed);
  useSignal(place.changed);
  const chosen = place.current;
  const me = useLoader(meLoader, []).value;
  const promotions = useLoader(slipway => promotionsLoader(slipway, name), [name]).value;
  const versions = loader.value;
  const version = versions?.find(each => each.version === chosen.version) ?? versions?.[0];
  const waiting = promotions?.filter(promotion => promotion.status === 'open') ?? [];
  return (
    <>
      <Heading level={1} title={name}>
        {version && <Button onClick={() => void commands.execute(CommandIds.openComparison, comparedSides(versions ?? [], version))}>{trans.__('Compare …')}</Button>}
        <Button onClick={() => void commands.execute(CommandIds.openGates, { name })}>{trans.__('Gates …')}</Button>
      </Heading>
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {versions?.length === 0 && (
        <Empty title={trans.__('This model has no version yet')}>{trans.__('A run that logs a model under this name registers one: mlflow.sklearn.log_model(model, registered_model_name=…), or a pipeline that saves it.')}</Empty>
      )}
      {versions && version && (
        <>
          <VersionTable versions={versions} waiting={waiting} chosen={version.version} onChoose={number => place.go({ version: number, tab: null })} />
          <VersionView key={`${version.version} ${chosen.tab}`} version={version} versions={versions} waiting={waiting.filter(promotion => promotion.version === version.version)} me={me} firstTab={chosen.tab} onChanged={() => loader.refresh()} />
        </>
      )}
    </>
  );
}

/** The shown version beside the champion, else beside the newest other; where there is none, one chooses. */
function comparedSides(versions: readonly ModelVersion[], { name, version }: ModelVersion): { candidate: string; champion: string | null } {
  const others = versions.filter(each => each.version !== version);
  const other = others.find(each => each.aliases.includes('champion')) ?? others[0];
  return { candidate: `model:${name}@${version}`, champion: other ? `model:${name}@${other.version}` : null };
}

interface TableProps {
  versions: ModelVersion[];
  waiting: Promotion[];
  chosen: string;
  onChoose: (version: string) => void;
}

function VersionTable({ versions, waiting, chosen, onChoose }: TableProps): React.JSX.Element {
  const { trans } = useSlipway();
  const metrics = [...new Set(versions.flatMap(version => Object.keys(version.metrics)))].slice(0, 5);
  const hasGates = versions.some(version => version.gates);
  return (
    <div className="jp-SlipwayScroll jp-SlipwayVersions">
      <table className="jp-SlipwayTable" aria-label={trans.__('Versions')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col">{trans.__('Aliases')}</th>
            {hasGates && <th scope="col">{trans.__('Gates')}</th>}
            {metrics.map(metric => (
              <th key={metric} scope="col" data-kind="number">{metric}</th>
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
                {version.stage !== 'None' && <span className="jp-SlipwayTag">{version.stage}</span>}
                {waiting.some(promotion => promotion.version === version.version) && <span className="jp-SlipwayTag" data-kind="waiting">{trans.__('promotion asked')}</span>}
              </td>
              {hasGates && <td>{version.gates && <StateMark state={verdictState(version.gates)} label={verdictWord(trans, version.gates)} showLabel />}</td>}
              {metrics.map(metric => (
                <td key={metric} data-kind="number">{formatValue(version.metrics[metric])}</td>
              ))}
              <td>{formatTime(version.createdAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
