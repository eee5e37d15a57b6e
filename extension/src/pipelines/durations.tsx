import type { PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { formatDuration } from '../core/format';
import { StateMark } from '../core/parts';
import { useClock, useSlipway } from '../core/ui';
import { stateWord } from './words';

interface Props {
  run: PipelineRun;
  selected: string | null;
  onSelect: (step: string) => void;
}

/** The steps as bars over the run's time: what ran when, for how long, beside what. */
export function Durations({ run, selected, onSelect }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const isLive = run.status === 'running' || run.status === 'queued' || run.status === 'cancelling';
  const now = useClock(isLive);
  const start = Date.parse(run.startedAt ?? run.createdAt);
  const ends = run.steps.map(step => (step.startedAt === null ? start : Date.parse(step.startedAt) + (step.durationMs ?? (step.status === 'running' ? now - Date.parse(step.startedAt) : 0))));
  const span = Math.max(1, ...ends.map(end => end - start), run.endedAt ? Date.parse(run.endedAt) - start : isLive ? now - start : 1);
  return (
    <ul className="jp-SlipwayDurations" aria-label={trans.__('Steps')}>
      {run.steps.map((step, index) => {
        const from = step.startedAt === null ? null : Math.max(0, Date.parse(step.startedAt) - start);
        const length = from === null ? 0 : ends[index]! - start - from;
        const words = step.cached ? trans.__('reused') : step.startedAt === null ? stateWord(trans, step.status) : formatDuration(length);
        return (
          <li key={step.name}>
            <button type="button" aria-pressed={selected === step.name} onClick={() => onSelect(step.name)} title={step.pendingReason ?? step.cacheNote ?? undefined}>
              <StateMark state={step.status} label={stateWord(trans, step.status)} />
              <span className="jp-SlipwayDurations-name">{step.name}</span>
              <span className="jp-SlipwayDurations-track">
                {from !== null && <span data-state={step.status} data-cached={step.cached || undefined} style={{ left: `${(from / span) * 100}%`, width: `max(3px, ${(length / span) * 100}%)` }} />}
              </span>
              <span className="jp-SlipwayDurations-time">{words}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
