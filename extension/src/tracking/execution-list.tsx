import * as React from 'react';
import { Empty } from '../core/parts';
import { useSlipway } from '../core/ui';
import { ExecutionItem } from './execution-item';
import type { ExecutionRow } from './executions';
import type { SessionModel } from './session-model';

const FIRST = 50;

/** The session's cell executions, newest first. */
export function ExecutionList({ model }: { model: SessionModel }): React.JSX.Element {
  const { trans } = useSlipway();
  const [shown, setShown] = React.useState(FIRST);
  const rows = model.executions;
  if (rows.length === 0) {
    return (
      <Empty title={trans.__('No cell has run yet')}>
        {trans.__('Run a cell as always. Each run appears here with what it read and wrote; no tracking code is needed.')}
      </Empty>
    );
  }
  const metricNames = new Set(model.trials.flatMap(trial => trial.metrics.map(metric => metric.name)));
  const tools = toolNames(rows);
  const ordinals = new Map(model.trials.map(trial => [trial.id, trial.ordinal]));
  return (
    <>
      <ol className="jp-SlipwayExecutions">
        {rows.slice(0, shown).map(row => (
          <ExecutionItem key={row.executionId} row={row} metricNames={metricNames} tools={tools} trialOrdinal={row.trialId === null ? null : (ordinals.get(row.trialId) ?? null)} onMark={(name, isMetric) => model.markMetric(name, isMetric)} />
        ))}
      </ol>
      {rows.length > shown && (
        <button type="button" className="jp-SlipwayLink jp-SlipwayMore" onClick={() => setShown(shown + 100)}>
          {trans.__('Show %1 earlier', rows.length - shown)}
        </button>
      )}
    </>
  );
}

const TOOL_TYPES = /^(module|type|function|builtin_function_or_method|method|abc\.ABCMeta|numpy\.ufunc)\b/;

/** Imported modules, classes and functions: every cell reads some, and it tells nothing of the data. */
function toolNames(rows: readonly ExecutionRow[]): ReadonlySet<string> {
  return new Set(rows.flatMap(row => row.bound.filter(name => TOOL_TYPES.test(row.types[name] ?? ''))));
}
