import type { Backfill, PipelineSchedule, PipelineVersion } from '@slipway/schema';
import * as React from 'react';
import { Button } from '../core/parts';
import { useSlipway } from '../core/ui';
import { BackfillForm } from './backfill-form';
import { BackfillLine } from './backfill-line';

/** Backfills of a pipeline: how far each is, and a form that shows its intervals before it starts. */
export function BackfillsPanel({ pipeline, backfills, schedules, version, onChanged }: { pipeline: string; backfills: Backfill[]; schedules: PipelineSchedule[]; version: PipelineVersion; onChanged: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const [isOpen, setOpen] = React.useState(false);
  return (
    <div className="jp-SlipwayStarters">
      <ul className="jp-SlipwayStarters-list" aria-label={trans.__('Backfills')}>
        {backfills.map(backfill => (
          <BackfillLine key={backfill.id} backfill={backfill} onChanged={onChanged} />
        ))}
      </ul>
      {!isOpen && <Button onClick={() => setOpen(true)}>{trans.__('Run for a range of the past')}</Button>}
      {isOpen && <BackfillForm pipeline={pipeline} schedules={schedules} version={version} onClose={() => setOpen(false)} onDone={() => (setOpen(false), onChanged())} />}
    </div>
  );
}
