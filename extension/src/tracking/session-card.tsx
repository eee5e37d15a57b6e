import type { Session } from '@slipway/schema';
import * as React from 'react';
import { baseName, formatTime } from '../core/format';
import { Button, StateMark } from '../core/parts';
import { useSlipway } from '../core/ui';
import type { SessionModel } from './session-model';

/** What this kernel's life is called, how it goes, and the way to its MLflow run. */
export function SessionCard({ model, title, isKernelAlive }: { model: SessionModel; title: string; isKernelAlive: boolean }): React.JSX.Element {
  const { trans } = useSlipway();
  const { session } = model;
  const state = session?.status ?? (isKernelAlive ? 'running' : 'none');
  const words: Record<string, string> = {
    running: trans.__('Session running'),
    finished: trans.__('Session finished'),
    killed: trans.__('Session ended without a word'),
    none: trans.__('No kernel')
  };
  return (
    <section className="jp-SlipwaySession" aria-label={trans.__('Session')}>
      <div className="jp-SlipwaySession-title">
        <StateMark state={state} label={words[state] ?? state} />
        <strong title={title}>{experimentOf(title)}</strong>
        <span className="jp-SlipwaySession-state">{words[state]}</span>
      </div>
      {session && (
        <div className="jp-SlipwaySession-facts">
          <span>{trans.__('since %1', formatTime(session.startedAt))}</span>
          <RunId session={session} />
        </div>
      )}
      <SessionChoice model={model} />
    </section>
  );
}

/** The experiment is named after the notebook's file. */
function experimentOf(path: string): string {
  return baseName(path).replace(/\.ipynb$/, '');
}

function RunId({ session }: { session: Session }): React.JSX.Element {
  const { trans } = useSlipway();
  const [isCopied, setCopied] = React.useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(session.runId).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    });
  };
  return (
    <Button kind="link" onClick={copy} title={trans.__('Copy the MLflow run id %1', session.runId)}>
      {isCopied ? trans.__('copied') : trans.__('run %1', session.runId.slice(0, 8))}
    </Button>
  );
}

function SessionChoice({ model }: { model: SessionModel }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const others = model.sessions.filter(session => session.cellCount > 0 || session.id === model.sessionId);
  if (others.length < 2) {
    return null;
  }
  return (
    <label className="jp-SlipwaySession-choice">
      <span>{trans.__('Show')}</span>
      <select aria-label={trans.__('Sessions of this notebook')} value={model.sessionId ?? ''} onChange={event => model.choose(event.target.value)}>
        {others.map(session => (
          <option key={session.id} value={session.id}>
            {trans.__('%1 · %2 cells · %3 trials', formatTime(session.startedAt), session.cellCount, session.trialCount)}
          </option>
        ))}
      </select>
    </label>
  );
}
