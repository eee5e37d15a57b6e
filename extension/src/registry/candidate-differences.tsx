import type { ModelGates, ModelVersion, Promotion } from '@slipway/schema';
import * as React from 'react';
import { Empty, ErrorNote } from '../core/parts';
import { useSlipway } from '../core/ui';
import { comparedVersion } from './changes';
import { DifferencesView } from './differences-view';
import { comparisonLoader } from './loaders';
import { useLoader } from './use-loader';

interface Props {
  promotion: Promotion;
  versions: ModelVersion[];
  /** The version that has the alias now. */
  holder: string | null;
  gates: ModelGates | null;
}

/** The candidate beside the version it would replace, or beside another that one chooses. */
export function CandidateDifferences({ promotion, versions, holder, gates }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const [chosen, setChosen] = React.useState<string | null>(null);
  const others = versions.map(version => version.version).filter(version => version !== promotion.version);
  const evidence = promotion.gates?.results.find(result => result.champion)?.champion?.version ?? null;
  // What it replaced stays beside it after the alias has moved.
  const compared = chosen ?? comparedVersion(promotion.version, promotion.replaced ?? holder, evidence, others);
  if (compared === null) {
    return <Empty title={trans.__('There is no other version to compare with')}>{trans.__('This one is the model’s first: look at its metrics and cells on its own page.')}</Empty>;
  }
  const word = (version: string): string =>
    version === promotion.replaced ? trans.__('version %1 (@%2 before)', version, promotion.alias) : version === holder ? trans.__('version %1 (@%2 now)', version, promotion.alias) : trans.__('version %1', version);
  return (
    <>
      <label className="jp-SlipwayCheck jp-SlipwayPromotion-compared">
        {trans.__('Version %1 compared with', promotion.version)}
        <select value={compared} onChange={event => setChosen(event.target.value)}>
          {others.map(version => (
            <option key={version} value={version}>{word(version)}</option>
          ))}
        </select>
      </label>
      {holder === null && promotion.status === 'open' && <p className="jp-SlipwayFaint">{trans.__('No version is @%1 yet.', promotion.alias)}</p>}
      <Compared key={compared} model={promotion.model} candidate={promotion.version} champion={compared} gates={gates} />
    </>
  );
}

function Compared({ model, candidate, champion, gates }: { model: string; candidate: string; champion: string; gates: ModelGates | null }): React.JSX.Element {
  const { trans } = useSlipway();
  const { value, error, refresh } = useLoader(slipway => comparisonLoader(slipway, model, candidate, champion), [model, candidate, champion]);
  if (!value) {
    return error ? <ErrorNote error={error} onRetry={refresh} /> : <p className="jp-SlipwayFaint" role="status">{trans.__('Comparing …')}</p>;
  }
  const names = { champion: trans.__('Version %1', champion), candidate: trans.__('Version %1', candidate) };
  return <DifferencesView comparison={value} names={names} gates={gates} />;
}
