import type { PipelineOptions } from '@slipway/schema';
import * as React from 'react';
import { Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { ProjectField } from './project-field';
import { TextField } from './text-field';

const MINUTE_MS = 60_000;

/** Whose whole runs are, and their limits. */
export function WholeOptionsEditor({ options, onChange }: { options: PipelineOptions; onChange: (options: PipelineOptions) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const set = (key: 'maxActiveRuns' | 'timeoutMs' | 'deadlineMs' | 'priority', text: string, unit = 1): void => {
    const { [key]: _before, ...rest } = options;
    const value = Number(text);
    const isSaid = text.trim() !== '' && Number.isFinite(value) && (key === 'priority' || value > 0);
    onChange(isSaid ? ({ ...options, [key]: Math.round(value * unit) }) : ({ ...rest, ...(key === 'priority' && { priority: 0 }) } as PipelineOptions));
  };
  const setProject = (project: string): void => {
    const { project: _before, ...rest } = options;
    onChange({ ...rest, ...(project !== '' && { project }) });
  };
  const minutes = (ms: number | undefined): string => (ms === undefined ? '' : String(ms / MINUTE_MS));
  return (
    <section aria-label={trans.__('Whole runs')}>
      <Heading title={trans.__('Whole runs')} />
      <div className="jp-SlipwaySchedule-fields">
        <ProjectField value={options.project ?? ''} onCommit={setProject} />
        <TextField label={trans.__('Runs at once')} value={options.maxActiveRuns === undefined ? '' : String(options.maxActiveRuns)} hint={trans.__('any number')} onCommit={text => set('maxActiveRuns', text)} />
        <TextField label={trans.__('Fails after (minutes)')} value={minutes(options.timeoutMs)} hint={trans.__('never')} onCommit={text => set('timeoutMs', text, MINUTE_MS)} />
        <TextField label={trans.__('Late after (minutes)')} value={minutes(options.deadlineMs)} hint={trans.__('never')} onCommit={text => set('deadlineMs', text, MINUTE_MS)} />
        <TextField label={trans.__('Priority')} value={options.priority === 0 ? '' : String(options.priority)} hint="0" onCommit={text => set('priority', text)} />
      </div>
    </section>
  );
}
