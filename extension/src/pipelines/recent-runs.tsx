import type { Pipeline } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatDuration, formatTime } from '../core/format';
import { stateWord } from '../core/states';
import { useSlipway } from '../core/ui';

/** The last runs as coloured squares, oldest first; each opens its run. */
export function RecentRuns({ runs }: { runs: Pipeline['recentRuns'] }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  if (runs.length === 0) {
    return <span className="jp-SlipwayFaint">{trans.__('no run yet')}</span>;
  }
  return (
    <span className="jp-SlipwaySquares" role="group" aria-label={trans.__('Last runs')}>
      {[...runs].reverse().map(run => {
        const duration = run.durationMs === null ? '' : `, ${formatDuration(run.durationMs)}`;
        const label = `${stateWord(trans, run.status)}, ${formatTime(run.createdAt)}${duration}`;
        return <button key={run.runId} type="button" data-state={run.status} title={label} aria-label={label} onClick={() => void commands.execute(CommandIds.openRun, { runId: run.runId })} />;
      })}
    </span>
  );
}
