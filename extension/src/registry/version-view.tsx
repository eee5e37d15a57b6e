import type { Me, ModelVersion, Promotion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { Button, Heading } from '../core/parts';
import { Tabs, type Tab } from '../core/tabs';
import { useSlipway } from '../core/ui';
import { LineageView } from './lineage-view';
import { MetricTables } from './metric-tables';
import { ModelCardView } from './model-card';
import { PredictionForm } from './prediction-form';
import { PromotionForm } from './promotion-form';
import { SignatureTable } from './signature-table';
import { UndoNote, type Undoable } from '../core/undo';
import { VersionGates } from './version-gates';
import { VersionHistory } from './version-history';
import { VersionCells, VersionEnvironment } from './version-making';
import { VersionOverview } from './version-overview';

interface Props {
  version: ModelVersion;
  versions: ModelVersion[];
  /** Those of the version that wait for a decision. */
  waiting: Promotion[];
  me: Me | null;
  firstTab: string | null;
  onChanged: () => void;
}

/** One version: what it is, measured, came from, must hold, and what happened to it. */
export function VersionView(props: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const { version, waiting } = props;
  const [isAsking, setAsking] = React.useState(false);
  const [done, setDone] = React.useState<Undoable | null>(null);
  return (
    <section className="jp-SlipwayVersion" aria-label={trans.__('Version %1', version.version)}>
      <Heading title={trans.__('Version %1', version.version)}>
        {version.aliases.map(alias => (
          <span key={alias} className="jp-SlipwayTag" data-kind="alias">@{alias}</span>
        ))}
        {!isAsking && <Button onClick={() => setAsking(true)}>{trans.__('Ask for a promotion …')}</Button>}
      </Heading>
      {isAsking && <PromotionForm version={version} onDone={() => setAsking(false)} />}
      <Waiting promotions={waiting} />
      <UndoNote done={done} onGone={() => setDone(null)} />
      <VersionTabs {...props} onDone={setDone} />
    </section>
  );
}

function Waiting({ promotions }: { promotions: Promotion[] }): React.JSX.Element | null {
  const { trans, commands } = useSlipway();
  return promotions.length === 0 ? null : (
    <p className="jp-SlipwayNote" role="note">
      {promotions.map(({ id, alias }) => (
        <span key={id}>
          {trans.__('Its promotion to @%1 waits for a decision.', alias)}{' '}
          <Button kind="link" onClick={() => void commands.execute(CommandIds.openPromotion, { promotionId: id })}>{trans.__('Look and decide')}</Button>
        </span>
      ))}
    </p>
  );
}

function VersionTabs({ version, versions, me, firstTab, onChanged, onDone }: Props & { onDone: (done: Undoable) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const of = { name: version.name, version: version.version };
  const person = me?.person ?? null;
  const tabs: Tab[] = [
    { id: 'overview', label: trans.__('Overview'), draw: () => <VersionOverview version={version} versions={versions} me={me} onChanged={onChanged} onDone={onDone} /> },
    { id: 'metrics', label: trans.__('Metrics'), draw: () => <MetricTables version={version} /> },
    { id: 'gates', label: trans.__('Gates'), draw: () => <VersionGates version={version} me={me} /> },
    { id: 'cells', label: trans.__('Cells'), draw: () => <VersionCells {...of} /> },
    { id: 'environment', label: trans.__('Data and environment'), draw: () => <VersionEnvironment {...of} /> },
    { id: 'signature', label: trans.__('Signature'), draw: () => <SignatureTable version={version} /> },
    { id: 'lineage', label: trans.__('Lineage'), draw: () => <LineageView {...of} /> },
    { id: 'card', label: trans.__('Model card'), draw: () => <ModelCardView {...of} me={person} /> },
    { id: 'predict', label: trans.__('Predict'), draw: () => <PredictionForm version={version} /> },
    { id: 'history', label: trans.__('History'), draw: () => <VersionHistory {...of} me={person} /> }
  ];
  return <Tabs label={trans.__('About this version')} firstId={firstTab} tabs={tabs} />;
}
