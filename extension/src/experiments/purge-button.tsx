import { Dialog, showDialog } from '@jupyterlab/apputils';
import { endpoints, type PurgeReport } from '@slipway/schema';
import * as React from 'react';
import { formatBytes } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import type { ISlipway } from '../core/tokens';
import { useAction, useSlipway } from '../core/ui';
import type { ExperimentsModel } from './experiments-model';

/** Removes the deleted runs that are shown for ever: tells first what goes, then what was freed. */
export function PurgeButton({ model }: { model: ExperimentsModel }): React.JSX.Element {
  const slipway = useSlipway();
  const { trans } = slipway;
  const [report, setReport] = React.useState<PurgeReport | null>(null);
  const purge = useAction(async () => {
    setReport(null);
    const done = await purgeAfterAsking(slipway, model.experimentId);
    if (done) {
      setReport(done);
      model.clearSelection();
      model.rows.refresh();
    }
  });
  return (
    <>
      <Button disabled={purge.isBusy} onClick={() => purge.run()}>{purge.isBusy ? trans.__('Purging…') : trans.__('Purge…')}</Button>
      <ErrorNote error={purge.error} />
      {report && (
        <p className="jp-SlipwayNote" data-kind="ok" role="status">
          {trans._n('%1 run is gone for ever; %2 were freed.', '%1 runs are gone for ever; %2 were freed.', report.runs, formatBytes(report.freedBytes))} {waiting(slipway, report)}
        </p>
      )}
    </>
  );
}

async function purgeAfterAsking(slipway: ISlipway, experimentId: string | null): Promise<PurgeReport | null> {
  const { trans, client } = slipway;
  const body = { olderThanSeconds: 0, experimentId };
  const would = await client.call(endpoints.upkeep.purge, { body: { ...body, isDryRun: true } });
  const kept = would.keptRuns > 0 ? ` ${trans._n('%1 stays: a registered model version stands on it, or its pipeline runs.', '%1 stay: registered model versions stand on them, or their pipeline runs.', would.keptRuns)}` : '';
  const { button } = await showDialog({
    title: trans._n('Remove %1 deleted run for ever?', 'Remove %1 deleted runs for ever?', would.runs),
    body: trans.__('Their params, metrics and files go; %1 are freed. This cannot be undone.', formatBytes(would.freedBytes)) + kept,
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Purge') })]
  });
  return button.accept ? client.call(endpoints.upkeep.purge, { body }) : null;
}

function waiting({ trans }: ISlipway, report: PurgeReport): string {
  return report.waitingFiles === 0 ? '' : trans._n('%1 file more was written a moment ago: it goes within a day.', '%1 files more were written a moment ago: they go within a day.', report.waitingFiles);
}
