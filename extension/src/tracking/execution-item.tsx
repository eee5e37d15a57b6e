import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { baseName, cellTitle, formatDuration } from '../core/format';
import { StateMark } from '../core/parts';
import { useClock, useSlipway } from '../core/ui';
import { ExecutionDetails } from './execution-details';
import type { ExecutionRow } from './executions';

export interface ExecutionItemProps {
  row: ExecutionRow;
  metricNames: ReadonlySet<string>;
  /** Names of modules, classes and functions, which the summary leaves out. */
  tools: ReadonlySet<string>;
  trialOrdinal: number | null;
  onMark: (name: string, isMetric: boolean) => Promise<void>;
}

/** One cell execution: status, what it was, how long; opens to all it did. */
export function ExecutionItem({ row, metricNames, tools, trialOrdinal, onMark }: ExecutionItemProps): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const [isOpen, setOpen] = React.useState(false);
  const now = useClock(row.status === 'running');
  const title = cellTitle(row.source) || trans.__('(empty cell)');
  const durationMs = row.status === 'running' ? now - Date.parse(row.startedAt) : row.durationMs;
  const reveal = (): void => void commands.execute(CommandIds.revealCell, { path: null, cellId: row.cellId });
  return (
    <li className="jp-SlipwayExecution" data-status={row.status} data-waiting={row.isWaiting || undefined}>
      <div className="jp-SlipwayExecution-line">
        <StateMark state={row.status} label={stateWord(row, trans.__.bind(trans))} />
        <button type="button" className="jp-SlipwayExecution-title" onClick={reveal} title={trans.__('Show this cell in the notebook')}>
          {row.executionCount !== null && <span className="jp-SlipwayExecution-count">[{row.executionCount}]</span>}
          <span className="jp-SlipwayExecution-text">{title}</span>
        </button>
        <span className="jp-SlipwayExecution-duration">{formatDuration(durationMs)}</span>
        <button type="button" className="jp-SlipwayChevron" aria-expanded={isOpen} aria-label={trans.__('Details of “%1”', title)} onClick={() => setOpen(!isOpen)} />
      </div>
      <Summary row={row} tools={tools} trialOrdinal={trialOrdinal} />
      {row.error && (
        <p className="jp-SlipwayExecution-error" role="note">
          <strong>{row.error.name}</strong>: {row.error.message}
          {row.error.line !== null && ` (${trans.__('line %1', row.error.line)})`}
        </p>
      )}
      {row.hiddenState.map(note => (
        <p key={note} className="jp-SlipwayExecution-hidden" role="note">
          {note}
        </p>
      ))}
      {isOpen && <ExecutionDetails row={row} metricNames={metricNames} onMark={onMark} />}
    </li>
  );
}

/** The one line that says what went in and what came out. */
function Summary({ row, tools, trialOrdinal }: Pick<ExecutionItemProps, 'row' | 'tools' | 'trialOrdinal'>): React.JSX.Element | null {
  const { trans } = useSlipway();
  const files = (mode: 'read' | 'write'): string[] => row.data.filter(access => access.mode === mode).map(access => baseName(access.path));
  const reads = [...files('read'), ...row.read.filter(name => !row.bound.includes(name) && !tools.has(name))];
  const writes = [...files('write'), ...row.bound];
  if (reads.length + writes.length === 0 && trialOrdinal === null && !row.isWaiting) {
    return null;
  }
  return (
    <div className="jp-SlipwayExecution-summary">
      {row.isWaiting && row.status !== 'running' && (
        <span className="jp-SlipwayTag" data-kind="waiting" title={trans.__('Recorded in the kernel; the daemon has not confirmed it yet')}>
          {trans.__('waiting')}
        </span>
      )}
      {trialOrdinal !== null && <span className="jp-SlipwayTag" data-kind="trial">{trans.__('trial %1', trialOrdinal)}</span>}
      {reads.length > 0 && <span className="jp-SlipwayNames"><em>{trans.__('read')}</em> {reads.join(', ')}</span>}
      {writes.length > 0 && <span className="jp-SlipwayNames"><em>{trans.__('wrote')}</em> {writes.join(', ')}</span>}
    </div>
  );
}

function stateWord(row: ExecutionRow, say: (text: string) => string): string {
  const words = { running: say('Running'), ok: say('Done'), error: say('Failed'), aborted: say('Not run: a cell before it failed'), lost: say('Lost: the kernel died while it ran') };
  return words[row.status];
}
