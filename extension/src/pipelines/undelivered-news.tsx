import { endpoints, type PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { useSlipway } from '../core/ui';
import { useFetched } from '../core/use-fetched';

/** Whom the run's news did not reach, and why. */
export function UndeliveredNews({ run }: { run: PipelineRun }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const { value } = useFetched(() => client.call(endpoints.notifications.list, { query: { runId: run.runId, status: 'failed' } }), [run]);
  const items = value?.items ?? [];
  return items.length === 0 ? null : (
    <section aria-label={trans.__('News that were not delivered')}>
      {items.map(({ id, to, occasion, reason, attempts, endedAt }) => (
        <p key={id} className="jp-SlipwayNote" data-kind="warning" role="note">
          {trans.__('%1 was not told (%2): %3', to.address, occasion, reason ?? '')} <span className="jp-SlipwayFaint">{trans._n('%1 attempt', '%1 attempts', attempts)} {endedAt !== null && formatTime(endedAt)}</span>
        </p>
      ))}
    </section>
  );
}
