import { endpoints } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { baseName, formatTime } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, ErrorNote, Heading } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { BackfillsPanel } from './backfills-panel';
import { ExportPanel } from './export-panel';
import type { PipelineDetail } from './loaders';
import { RunNow } from './run-now';
import { RunTable } from './run-table';
import { SchedulesPanel } from './schedules-panel';
import { StepsPanel } from './steps-panel';
import { TriggersPanel } from './triggers-panel';

/** One pipeline: its schedule, its steps, its runs. */
export function PipelinePage({ loader, name }: { loader: Loader<PipelineDetail>; name: string }): React.JSX.Element {
  const { trans, commands, client } = useSlipway();
  useSignal(loader.changed);
  const [isStarting, setStarting] = React.useState(false);
  const [isExporting, setExporting] = React.useState(false);
  const unread = loader.value?.pipeline.unreadFailures ?? 0;
  // Who opens the page has seen what failed.
  React.useEffect(() => {
    if (unread > 0) {
      void client.call(endpoints.pipelines.markSeen, { params: { name } }).catch(() => undefined);
    }
  }, [client, name, unread]);
  const detail = loader.value;
  return (
    <>
      <Heading level={1} title={name}>
        {detail && <Button onClick={() => void commands.execute(CommandIds.editPipeline, { name })}>{trans.__('Edit…')}</Button>}
        {detail && <Button aria-expanded={isExporting} onClick={() => setExporting(!isExporting)}>{trans.__('Export…')}</Button>}
        {detail && <Button onClick={() => void commands.execute(CommandIds.newSweep, { pipeline: name })}>{trans.__('New sweep…')}</Button>}
        {detail && <Button kind="accept" aria-expanded={isStarting} onClick={() => setStarting(!isStarting)}>{trans.__('Run now')}</Button>}
      </Heading>
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {detail && (
        <>
          <p className="jp-SlipwayFaint">
            {trans.__('Version %1, from', detail.pipeline.latestVersion)}{' '}
            <Button kind="link" title={detail.pipeline.notebookPath} onClick={() => void commands.execute(CommandIds.revealCell, { path: detail.pipeline.notebookPath, cellId: null })}>{baseName(detail.pipeline.notebookPath)}</Button>{' '}
            · {trans.__('kernel %1', detail.version.kernelName)} · {trans.__('saved %1', formatTime(detail.version.createdAt))}
          </p>
          {isStarting && <RunNow version={detail.version} onDone={() => setStarting(false)} />}
          {isExporting && <ExportPanel pipeline={name} />}
          <Heading title={trans.__('Schedules')} />
          <SchedulesPanel pipeline={name} schedules={detail.schedules} isTriggered={detail.triggers.length > 0} version={detail.version} onChanged={() => loader.refresh()} />
          <Heading title={trans.__('Triggers')} />
          <TriggersPanel pipeline={name} triggers={detail.triggers} version={detail.version} onChanged={() => loader.refresh()} />
          <Heading title={trans.__('Backfills')} />
          <BackfillsPanel pipeline={name} backfills={detail.backfills} schedules={detail.schedules} version={detail.version} onChanged={() => loader.refresh()} />
          <Heading title={trans.__('Runs')} />
          <RunTable runs={detail.runs} />
          <Heading title={trans.__('Steps')} />
          <StepsPanel version={detail.version} onChanged={() => loader.refresh()} />
        </>
      )}
    </>
  );
}
