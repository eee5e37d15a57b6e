import { endpoints, type SameInputs as Found, type SameRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatTime, formatValue } from '../core/format';
import { Button } from '../core/parts';
import { useSlipway } from '../core/ui';

const SHOWN = 5;

/** Other runs of the same code, params and data, beside a run; nothing where there are none. */
export function SameInputs({ runId }: { runId: string }): React.JSX.Element | null {
  const { client, commands, trans } = useSlipway();
  const [found, setFound] = React.useState<Found | null>(null);
  React.useEffect(() => {
    const abort = new AbortController();
    setFound(null);
    // It says more about the run, and is no reason to complain where it cannot be had.
    client.call(endpoints.lineage.sameInputsOfRun, { params: { runId }, query: { limit: SHOWN }, signal: abort.signal }).then(setFound, () => undefined);
    return () => abort.abort();
  }, [client, runId]);
  if (!found || found.total === 0) {
    return null;
  }
  const what = found.isKnown.code && found.isKnown.data ? trans.__('the same code, params and data') : found.isKnown.code ? trans.__('the same code and params; what it read is not known') : trans.__('the same params and data; its code is not known');
  return (
    <section className="jp-SlipwaySameInputs" aria-label={trans.__('Runs on the same inputs')}>
      <span>
        {trans._n('Run %1 more time on the same inputs', 'Run %1 more times on the same inputs', found.total)} <span className="jp-SlipwayFaint">({what})</span>:
      </span>
      <ul>
        {found.items.map(run => (
          <li key={run.runId}>
            <Button kind="link" onClick={() => void commands.execute(CommandIds.openTrackedRun, { runId: run.runId, name: run.name })}>{run.name}</Button> <span className="jp-SlipwayFaint">{about(run)}</span>
          </li>
        ))}
      </ul>
      {found.total > found.items.length && <span className="jp-SlipwayFaint">{trans.__('and %1 more', found.total - found.items.length)}</span>}
    </section>
  );
}

/** `12:03:44, accuracy 0.93`. */
function about(run: SameRun): string {
  const [metric] = Object.entries(run.metrics).filter(([key]) => !key.startsWith('system/'));
  return [formatTime(new Date(run.startedMs).toISOString()), ...(metric ? [`${metric[0]} ${formatValue(metric[1])}`] : [])].join(', ');
}
