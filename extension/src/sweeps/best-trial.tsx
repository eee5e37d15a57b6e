import { endpoints, type Sweep } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { formatNumber, formatValue } from '../core/format';
import { Button, ErrorNote, ParamName } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';

/** The best trial so far, and what can be made of it. */
export function BestTrial({ sweep }: { sweep: Sweep }): React.JSX.Element | null {
  const { trans, client, commands } = useSlipway();
  const { best, objective } = sweep;
  const [adopted, setAdopted] = React.useState<number | null>(null);
  const start = useAction(async () => {
    const params = { ...sweep.params, ...best!.params };
    const run = await client.call(endpoints.pipelines.start, { params: { name: sweep.pipeline }, body: { params, version: sweep.version, ...(best!.runId !== null && { fromRun: best!.runId }) } });
    await commands.execute(CommandIds.openRun, { runId: run.runId });
  });
  const adopt = useAction(async () => setAdopted((await client.call(endpoints.sweeps.adopt, { params: { sweepId: sweep.id } })).version));
  if (best?.value == null) {
    return null;
  }
  return (
    <section className="jp-SlipwaySweep-best" aria-label={trans.__('Best trial')}>
      <div>
        <span className="jp-SlipwayFaint">{trans.__('Best %1, trial %2', objective.metric, best.number)}</span>
        <strong>{formatNumber(best.value)}</strong>
      </div>
      <dl>
        {Object.entries(best.params).map(([name, value]) => (
          <div key={name}>
            <dt><ParamName name={name} /></dt>
            <dd>{formatValue(value)}</dd>
          </div>
        ))}
      </dl>
      <div className="jp-SlipwayProof-actions">
        <Button kind="accept" disabled={start.isBusy} title={trans.__('What did not change is not run again; its model is registered')} onClick={() => start.run()}>{trans.__('Run the pipeline with these')}</Button>
        <Button disabled={adopt.isBusy} title={trans.__('A new version of the pipeline has them; its schedules run with them from then on')} onClick={() => adopt.run()}>{trans.__('Make these the defaults')}</Button>
        {best.runId !== null && <Button onClick={() => void commands.execute(CommandIds.openRun, { runId: best.runId })}>{trans.__('Open its run')}</Button>}
      </div>
      {adopted !== null && <span role="status">{trans.__('Version %1 of %2 has them.', adopted, sweep.pipeline)}</span>}
      <ErrorNote error={start.error ?? adopt.error} />
    </section>
  );
}
