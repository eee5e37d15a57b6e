import { endpoints, type Pipeline } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { scheduleWords } from './cron';

/** When a pipeline runs next, in a phrase. */
export function NextFire({ pipeline }: { pipeline: Pipeline }): React.JSX.Element {
  const { trans } = useSlipway();
  const { schedule, nextFireAt } = pipeline;
  if (nextFireAt === null) {
    return <span className="jp-SlipwayFaint">{schedule?.isPaused ? trans.__('paused') : trans.__('by hand')}</span>;
  }
  // Of several schedules the default one has its words here; the others are on the pipeline's page.
  const isOwn = schedule?.nextFireAt === nextFireAt;
  return (
    <span title={isOwn ? schedule.timeZone : undefined}>
      {formatTime(nextFireAt).replace(/:00$/, '')} {isOwn && <span className="jp-SlipwayFaint">{scheduleWords(trans, schedule)}</span>}
    </span>
  );
}

/** Pauses or resumes a schedule. */
export function PauseButton({ pipeline }: { pipeline: Pipeline }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const { schedule, name } = pipeline;
  const toggle = useAction(async () => {
    if (schedule?.cron) {
      const body = { cron: schedule.cron, timeZone: schedule.timeZone, isPaused: !schedule.isPaused };
      await client.call(endpoints.pipelines.setSchedule, { params: { name }, body });
    }
  });
  if (!schedule) {
    return null;
  }
  return (
    <>
      <Button disabled={toggle.isBusy} onClick={() => toggle.run()}>{schedule.isPaused ? trans.__('Resume') : trans.__('Pause')}</Button>
      <ErrorNote error={toggle.error} />
    </>
  );
}
