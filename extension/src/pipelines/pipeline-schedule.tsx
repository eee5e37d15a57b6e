import { endpoints, type Pipeline } from '@slipway/schema';
import * as React from 'react';
import { formatTime } from '../core/format';
import { Button, ErrorNote } from '../core/parts';
import { useAction, useSlipway } from '../core/ui';
import { scheduleWords } from './cron';
import { specOf } from './schedule-spec';
import { whenWords } from './trigger-words';

/** The schedule that a pipeline's line speaks of; further ones are on its page. */
const DEFAULT = 'default';
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** When a pipeline runs next, in a phrase. */
export function NextFire({ pipeline }: { pipeline: Pipeline }): React.JSX.Element {
  const { trans } = useSlipway();
  const { schedule, nextFireAt } = pipeline;
  const listening = pipeline.triggers.filter(trigger => !trigger.isPaused);
  if (nextFireAt === null && listening.length > 0) {
    return (
      <span>
        {trans.__('on %1', listening.map(trigger => trigger.name).join(', '))} <span className="jp-SlipwayFaint">{listening.map(trigger => whenWords(trans, trigger.when)).join(trans.__(', or '))}</span>
      </span>
    );
  }
  if (nextFireAt === null) {
    return <span className="jp-SlipwayFaint">{schedule?.isPaused || pipeline.triggers.length > 0 ? trans.__('paused') : trans.__('by hand')}</span>;
  }
  // Of several schedules the default one has its words here; the others are on the pipeline's page.
  const isOwn = schedule?.nextFireAt === nextFireAt;
  return (
    <span>
      {formatTime(nextFireAt).replace(/:00$/, '')} {isOwn && <span className="jp-SlipwayFaint">{scheduleWords(trans, schedule)}{schedule.timeZone !== OWN_ZONE && ` (${schedule.timeZone})`}</span>}
    </span>
  );
}

/** Pauses or resumes a schedule. */
export function PauseButton({ pipeline }: { pipeline: Pipeline }): React.JSX.Element | null {
  const { trans, client } = useSlipway();
  const { schedule, name } = pipeline;
  const toggle = useAction(async () => {
    const { items } = await client.call(endpoints.schedules.list, { params: { name } });
    const own = items.find(each => each.name === DEFAULT);
    if (own && schedule) {
      await client.call(endpoints.schedules.replace, { params: { scheduleId: own.id }, body: { ...specOf(own), isPaused: !schedule.isPaused } });
    }
  });
  if (!schedule) {
    return null;
  }
  return (
    <>
      <Button kind="link" disabled={toggle.isBusy} onClick={() => toggle.run()}>{schedule.isPaused ? trans.__('Resume') : trans.__('Pause')}</Button>
      <ErrorNote error={toggle.error} />
    </>
  );
}
