import type { TranslationBundle } from '@jupyterlab/translation';
import type { Sweep, SweepTrial } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { formatDuration, formatTime, formatValue } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, ErrorNote, Heading, ParamName, StateMark } from '../core/parts';
import { personWord } from '../core/person-word';
import { stateWord } from '../core/states';
import { Tabs, type Tab } from '../core/tabs';
import { useSignal, useSlipway } from '../core/ui';
import { BestTrial } from './best-trial';
import { ImportanceBars } from './importance-bars';
import type { SweepDetail } from './loaders';
import { SweepActions } from './sweep-actions';
import { SweepProgress } from './sweep-progress';
import { BestCurve, TrialLines } from './trial-plots';
import { TrialTable } from './trial-table';

/** One sweep as it goes: its best trial, how it came about, its trials, and which params matter. */
export function SweepPage({ loader, onDeleted }: { loader: Loader<SweepDetail>; onDeleted: () => void }): React.JSX.Element {
  const { trans } = useSlipway();
  useSignal(loader.changed);
  const detail = loader.value;
  return (
    <>
      <Heading level={1} title={detail?.sweep.name ?? trans.__('Sweep')}>
        {detail && <SweepActions sweep={detail.sweep} onChanged={() => loader.refresh()} onDeleted={onDeleted} />}
      </Heading>
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {detail && (
        <>
          <SweepHead sweep={detail.sweep} />
          <BestTrial sweep={detail.sweep} />
          <Tabs label={trans.__('Parts of the sweep')} tabs={tabsOf(detail, trans)} />
        </>
      )}
    </>
  );
}

function tabsOf({ sweep, trials }: SweepDetail, trans: TranslationBundle): Tab[] {
  return [
    { id: 'trials', label: trans.__('Trials'), count: trials.length, draw: () => <TrialTable sweep={sweep} trials={trials} /> },
    { id: 'plots', label: trans.__('Plots'), draw: () => <Plots sweep={sweep} trials={trials} /> },
    { id: 'importances', label: trans.__('Importances'), draw: () => <ImportanceBars sweep={sweep} /> },
    { id: 'search', label: trans.__('What is searched'), draw: () => <SearchTable sweep={sweep} /> }
  ];
}

function SweepHead({ sweep }: { sweep: Sweep }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const { objective, sampler, pruner } = sweep;
  const goal = objective.direction === 'minimize' ? trans.__('makes %1 small', objective.metric) : trans.__('makes %1 large', objective.metric);
  return (
    <>
      <p className="jp-SlipwaySweep-head">
        <StateMark state={sweep.state} label={stateWord(trans, sweep.state)} showLabel /> <SweepProgress sweep={sweep} />
      </p>
      {sweep.why !== null && <p role="status">{sweep.why}</p>}
      <p className="jp-SlipwayFaint">
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openPipeline, { name: sweep.pipeline })}>{sweep.pipeline}</Button> {trans.__('version %1', sweep.version)} · {goal} · {sampler.seed === undefined ? sampler.kind : trans.__('%1 with seed %2', sampler.kind, sampler.seed)}
        {pruner.kind !== 'none' && ` · ${trans.__('pruned by %1', pruner.kind)}`} · {trans.__('%1 at once', sweep.maxParallel)}
        {sweep.warmTrials > 0 && ` · ${trans._n('learnt from %1 earlier trial', 'learnt from %1 earlier trials', sweep.warmTrials)}`} · {trans.__('by %1, %2', personWord(trans, sweep.createdBy), formatTime(sweep.createdAt))}
        {sweep.endedAt !== null && ` · ${formatDuration(Date.parse(sweep.endedAt) - Date.parse(sweep.createdAt))}`} ·{' '}
        <Button kind="link" onClick={() => void commands.execute(CommandIds.openTrackedRun, { runId: sweep.mlflowRunId })}>{trans.__('its run in Experiments')}</Button>
      </p>
    </>
  );
}

function Plots({ sweep, trials }: { sweep: Sweep; trials: SweepTrial[] }): React.JSX.Element {
  const { trans } = useSlipway();
  return trials.some(t => t.value !== null) ? (
    <>
      <BestCurve sweep={sweep} trials={trials} />
      <TrialLines sweep={sweep} trials={trials} />
    </>
  ) : (
    <p className="jp-SlipwayFaint">{trans.__('There is something to see once trials have ended with a value.')}</p>
  );
}

function SearchTable({ sweep }: { sweep: Sweep }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <table className="jp-SlipwayTable">
      <thead>
        <tr>
          <th scope="col">{trans.__('Parameter')}</th>
          <th scope="col">{trans.__('Values')}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(sweep.space).map(([name, d]) => (
          <tr key={name}>
            <th scope="row"><ParamName name={name} /></th>
            <td>{d.type === 'choice' ? d.values.map(formatValue).join(', ') : `${d.low} – ${d.high}${d.log ? trans.__(', on a log scale') : d.step !== undefined && !(d.type === 'int' && d.step === 1) ? trans.__(', in steps of %1', d.step) : ''}${d.type === 'int' ? trans.__(', whole numbers') : ''}`}</td>
          </tr>
        ))}
        {Object.entries(sweep.params).map(([name, value]) => (
          <tr key={name}>
            <th scope="row"><ParamName name={name} /></th>
            <td>{trans.__('always %1', formatValue(value))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
