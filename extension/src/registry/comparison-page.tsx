import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { Button, Empty, ErrorNote, Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { sideUri, type NamedRun, type Side } from './comparison-side';
import { DifferencesView } from './differences-view';
import { modelsLoader, uriComparisonLoader } from './loaders';
import { SidePicker } from './side-picker';
import { useLoader } from './use-loader';

interface Sides {
  champion: Side | null;
  candidate: Side | null;
}

/** Any two versions, of one model or of two, and any two runs: all that differs. */
export function ComparisonPage({ first, runs }: { first: Sides; runs: readonly NamedRun[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const [{ champion, candidate }, setSides] = React.useState(first);
  const models = useLoader(modelsLoader, []);
  const all = models.value ?? [];
  const shared = { models: all, runs };
  return (
    <div className="jp-SlipwayComparison">
      <Heading level={1} title={trans.__('Compare')} />
      <DaemonNotice />
      <ErrorNote error={models.error} onRetry={models.refresh} />
      <div className="jp-SlipwayComparison-sides">
        <SidePicker {...shared} legend={trans.__('From')} side={champion} onChange={side => setSides({ champion: side, candidate })} />
        <Button title={trans.__('Each in the other’s place')} disabled={champion === null && candidate === null} onClick={() => setSides({ champion: candidate, candidate: champion })}>
          {trans.__('Swap')}
        </Button>
        <SidePicker {...shared} legend={trans.__('To')} side={candidate} onChange={side => setSides({ champion, candidate: side })} />
      </div>
      {champion === null || candidate === null ? (
        <Empty title={trans.__('Choose what to compare')}>{trans.__('Two versions of a model, versions of different models, or runs: their metrics, params, data, packages and cells are laid side by side. Runs are chosen among the experiments.')}</Empty>
      ) : (
        <Compared key={`${sideUri(champion)} ${sideUri(candidate)}`} champion={champion} candidate={candidate} />
      )}
    </div>
  );
}

function Compared({ champion, candidate }: { champion: Side; candidate: Side }): React.JSX.Element {
  const { trans } = useSlipway();
  const { value, error, refresh } = useLoader(slipway => uriComparisonLoader(slipway, sideUri(candidate), sideUri(champion)), []);
  if (!value) {
    return error ? <ErrorNote error={error} onRetry={refresh} /> : <p className="jp-SlipwayFaint" role="status">{trans.__('Comparing …')}</p>;
  }
  if (value.champion.uri === value.candidate.uri) {
    return <Empty title={trans.__('Both are the same')}>{trans.__('Choose another version or run on one side.')}</Empty>;
  }
  const names = namesOf(value.champion, value.candidate);
  return (
    <>
      <p className="jp-SlipwayFaint">
        <SideLink side={champion} label={value.champion.label} /> → <SideLink side={candidate} label={value.candidate.label} />
      </p>
      <DifferencesView comparison={value} names={names} gates={null} />
    </>
  );
}

/** Runs may share their name: then a part of the id tells them apart. */
function namesOf(champion: { uri: string; label: string }, candidate: { uri: string; label: string }): { champion: string; candidate: string } {
  const name = ({ uri, label }: { uri: string; label: string }): string => (champion.label === candidate.label ? `${label} (${uri.slice(uri.indexOf(':') + 1).slice(0, 6)})` : label);
  return { champion: name(champion), candidate: name(candidate) };
}

function SideLink({ side, label }: { side: Side; label: string }): React.JSX.Element {
  const { commands } = useSlipway();
  const open = (): void => void ('runId' in side ? commands.execute(CommandIds.openTrackedRun, { runId: side.runId, name: label }) : commands.execute(CommandIds.openModel, { name: side.model, version: side.version }));
  return <Button kind="link" onClick={open}>{label}</Button>;
}
