import type { Me, ModelVersion } from '@slipway/schema';
import * as React from 'react';
import { Button, ErrorNote } from '../core/parts';
import { SlipwayError } from '../core/slipway-error';
import { useAction, useSlipway } from '../core/ui';
import { moveAlias } from './aliases';
import { gatesLoader } from './loaders';
import { useLoader } from './use-loader';
import type { Undoable } from '../core/undo';

interface Props {
  version: ModelVersion;
  /** All of the model's: who has the alias now. */
  versions: ModelVersion[];
  me: Me | null;
  onDone: (done: Undoable) => void;
}

/** Points an alias at this version, or takes it away; where its gates keep it out, an approver may say why all the same. */
export function AliasEditor({ version, versions, me, onDone }: Props): React.JSX.Element {
  const slipway = useSlipway();
  const { trans } = slipway;
  const [alias, setAlias] = React.useState('');
  const [refused, setRefused] = React.useState<string | null>(null);
  const gates = useLoader(opened => gatesLoader(opened, version.name), [version.name]).value?.gates;
  const move = useAction(async (name: string, to: string | null, overrideComment?: string) => {
    const model = version.name;
    const former = versions.find(each => each.aliases.includes(name))?.version ?? null;
    setRefused(null);
    try {
      await moveAlias(slipway, { model, alias: name, to, ...(overrideComment !== undefined && { overrideComment }) });
    } catch (error) {
      setRefused(error instanceof SlipwayError && error.code === 'gates_failed' ? name : null);
      throw error;
    }
    setAlias('');
    const words = to === null ? trans.__('@%1 is no version’s now.', name) : trans.__('@%1 is version %2 now.', name, to);
    // Where only promotions move the champion, one that was taken away does not come back by an undo.
    if (!(gates?.requireApproval && name === 'champion')) {
      onDone({ words, undo: () => moveAlias(slipway, { model, alias: name, to: former, isUndo: true }) });
    }
  });
  const point = (): void => {
    const name = alias.trim().replace(/^@/, '');
    if (name !== '') {
      move.run(name, version.version);
    }
  };
  return (
    <>
      <div className="jp-SlipwayAliases">
        {version.aliases.map(name => (
          <span key={name} className="jp-SlipwayTag" data-kind="alias">
            @{name}
            <button type="button" className="jp-SlipwayTag-remove" aria-label={trans.__('Take the alias %1 away', name)} disabled={move.isBusy} onClick={() => move.run(name, null)}>
              ×
            </button>
          </span>
        ))}
        <input type="text" size={20} value={alias} placeholder={trans.__('alias, e.g. champion')} aria-label={trans.__('New alias of this version')} onChange={event => setAlias(event.target.value)} onKeyDown={event => event.key === 'Enter' && point()} />
        <Button disabled={move.isBusy || alias.trim() === ''} onClick={point}>{trans.__('Set alias')}</Button>
      </div>
      {gates?.requireApproval && <p className="jp-SlipwayFaint">{trans.__('@champion moves by an approved promotion only: ask for one.')}</p>}
      <ErrorNote error={move.error} />
      {refused !== null && me?.permissions.includes('registry:approve') && <Override alias={refused} isBusy={move.isBusy} onOverride={comment => move.run(refused, version.version, comment)} />}
    </>
  );
}

function Override({ alias, isBusy, onOverride }: { alias: string; isBusy: boolean; onOverride: (comment: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [comment, setComment] = React.useState('');
  return (
    <div className="jp-SlipwayNote" data-kind="warning">
      <label className="jp-SlipwayField">
        <span>{trans.__('As an approver you may let it through. Why?')}</span>
        <textarea rows={2} maxLength={5_000} value={comment} onChange={event => setComment(event.target.value)} />
      </label>
      <div>
        <Button kind="warn" disabled={isBusy || comment.trim() === ''} onClick={() => onOverride(comment.trim())}>{trans.__('Make it @%1 all the same', alias)}</Button>
      </div>
    </div>
  );
}
