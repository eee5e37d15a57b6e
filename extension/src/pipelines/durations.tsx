import type { PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { formatDuration } from '../core/format';
import { StateMark } from '../core/parts';
import { isOver, stateWord } from '../core/states';
import { useClock, useSlipway } from '../core/ui';
import type { GraphEdge } from '../graph/graph';
import { spansOf, type Span } from './spans';

interface Props {
  run: PipelineRun;
  edges: readonly GraphEdge[];
  selected: string | null;
  onSelect: (step: string) => void;
}

/** The steps as bars over the run's time: what waited and ran when, for how long, beside what; why what is queued waits. */
export function Durations({ run, edges, selected, onSelect }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const isLive = !isOver(run.status);
  const now = useClock(isLive);
  const spans = spansOf(run, edges, now);
  const totalMs = Math.max(1, ...spans.map(span => span.endMs));
  return (
    <ul className="jp-SlipwayDurations" aria-label={trans.__('Steps')}>
      {spans.map(span => (
        <StepBar key={span.step.name} span={span} totalMs={totalMs} isChosen={selected === span.step.name} onSelect={() => onSelect(span.step.name)} />
      ))}
    </ul>
  );
}

function StepBar({ span, totalMs, isChosen, onSelect }: { span: Span; totalMs: number; isChosen: boolean; onSelect: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const { step, readyMs, startMs, endMs } = span;
  const waitEnd = startMs ?? endMs;
  const waitedMs = readyMs === null ? 0 : Math.max(0, waitEnd - readyMs);
  const words = step.cached ? trans.__('reused') : startMs === null ? stateWord(trans, step.status) : formatDuration(endMs - startMs);
  const place = (from: number, to: number): React.CSSProperties => ({ left: `${(from / totalMs) * 100}%`, width: `max(3px, ${((to - from) / totalMs) * 100}%)` });
  const waited = waitedMs < 1 ? '' : step.attempts > 1 ? trans.__('%1 before its last attempt', formatDuration(waitedMs)) : trans.__('waited %1', formatDuration(waitedMs));
  return (
    <li>
      <button type="button" aria-pressed={isChosen} onClick={onSelect} title={[step.pendingReason ?? step.cacheNote ?? '', waited].filter(text => text !== '').join(' · ') || undefined}>
        <StateMark state={step.status} label={stateWord(trans, step.status)} />
        <span className="jp-SlipwayDurations-name">{step.name}</span>
        <span className="jp-SlipwayDurations-track">
          {readyMs !== null && waitedMs > 0 && !step.cached && <span data-state="waiting" style={place(readyMs, waitEnd)} />}
          {startMs !== null && <span data-state={step.status} data-cached={step.cached || undefined} style={place(startMs, endMs)} />}
        </span>
        <span className="jp-SlipwayDurations-time">{words}</span>
        {step.status === 'queued' && step.pendingReason !== null && <span className="jp-SlipwayDurations-why">{step.pendingReason}</span>}
      </button>
    </li>
  );
}
