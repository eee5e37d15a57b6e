import type { Me, ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime } from '../core/format';
import { Button, Heading, StateMark } from '../core/parts';
import { useSlipway } from '../core/ui';
import { AliasEditor } from './alias-editor';
import { DescriptionEditor } from './description-editor';
import { TagEditor } from './tag-editor';
import type { Undoable } from '../core/undo';
import { verdictState, verdictWord } from './words';

interface Props {
  version: ModelVersion;
  versions: ModelVersion[];
  me: Me | null;
  onChanged: () => void;
  onDone: (done: Undoable) => void;
}

/** What a version is, what it is called, and what people say of it. */
export function VersionOverview({ version, versions, me, onChanged, onDone }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <div className="jp-SlipwayTrackedRun-overview">
      <section>
        <Facts version={version} />
        <Heading level={3} title={trans.__('Aliases')} />
        <AliasEditor version={version} versions={versions} me={me} onDone={onDone} />
        <TagEditor version={version} onDone={onDone} />
      </section>
      <DescriptionEditor version={version} onSaved={onChanged} />
    </div>
  );
}

function Facts({ version }: { version: ModelVersion }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <dl className="jp-SlipwayFacts">
      <dt>{trans.__('Status')}</dt>
      <dd>{version.status === 'READY' ? trans.__('ready') : version.status.toLowerCase()}</dd>
      {version.stage !== 'None' && (
        <>
          <dt>{trans.__('Stage')}</dt>
          <dd>{version.stage}</dd>
        </>
      )}
      {version.gates && (
        <>
          <dt>{trans.__('Gates')}</dt>
          <dd>
            <StateMark state={verdictState(version.gates)} label={verdictWord(trans, version.gates)} showLabel />
          </dd>
        </>
      )}
      <dt>{trans.__('Made')}</dt>
      <dd>{formatTime(version.createdAt)}</dd>
      <dt>{trans.__('Run')}</dt>
      <dd>
        {version.runId === null ? trans.__('none is known') : <Button kind="link" onClick={() => void commands.execute(CommandIds.openTrackedRun, { runId: version.runId })}>{trans.__('Open its run')}</Button>}
      </dd>
      <dt>{trans.__('Flavors')}</dt>
      <dd>{version.flavors.join(', ') || '–'}</dd>
      <dt>{trans.__('Files')}</dt>
      <dd>
        <code>{version.source}</code>
      </dd>
    </dl>
  );
}
