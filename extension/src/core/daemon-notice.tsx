import * as React from 'react';
import { Button } from './parts';
import { useSignal, useSlipway } from './ui';

/** The command that brings the daemon back, wherever Slipway lies. */
const START_COMMAND = 'npx slipway start';

/** Says that the daemon is away, what that means and what to do; and its own warnings when it is there. */
export function DaemonNotice(): React.JSX.Element | null {
  const { daemon, trans } = useSlipway();
  useSignal(daemon.changed);
  if (daemon.state === 'away') {
    return <AwayNotice />;
  }
  const warnings = daemon.status?.warnings ?? [];
  return warnings.length === 0 ? null : (
    <div className="jp-SlipwayNote" data-kind="warning" role="status" aria-label={trans.__('Warnings')}>
      {warnings.map(warning => (
        <span key={warning}>{warning}</span>
      ))}
    </div>
  );
}

function AwayNotice(): React.JSX.Element {
  const { daemon, trans } = useSlipway();
  const [isCopied, setCopied] = React.useState(false);
  const copy = (): void => void navigator.clipboard.writeText(START_COMMAND).then(() => setCopied(true));
  return (
    <div className="jp-SlipwayNote jp-SlipwayAway" data-kind="warning" role="status">
      <strong>{trans.__('Slipway’s daemon is not running.')}</strong>
      <span>{trans.__('Go on working: what your cells record waits in a file and arrives when the daemon is back. To start it, run this in Slipway’s folder:')}</span>
      <span className="jp-SlipwayAway-command">
        <code>{START_COMMAND}</code>
        <Button kind="link" onClick={copy}>
          {isCopied ? trans.__('Copied') : trans.__('Copy')}
        </Button>
        <Button kind="link" onClick={() => daemon.retry()}>
          {trans.__('Look again')}
        </Button>
      </span>
    </div>
  );
}
