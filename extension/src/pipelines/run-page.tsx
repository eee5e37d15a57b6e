import type { PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { formatDuration, formatTime, formatValue } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, ErrorNote, Facts, Heading, StateMark } from '../core/parts';
import { isOver, stateWord } from '../core/states';
import { useClock, useSignal, useSlipway } from '../core/ui';
import { Graph } from '../graph/graph';
import { Durations } from './durations';
import { Findings } from './findings';
import { ModelLinks } from './model-links';
import type { RunDetail } from './loaders';
import { stepEdges, withPeople } from './pipeline-graph';
import { RerunSteps } from './rerun-steps';
import { RunActions } from './run-actions';
import { RunNow } from './run-now';
import { StepPanel } from './step-panel';
import { UndeliveredNews } from './undelivered-news';
import { triggerWord } from './words';

/** One run: its graph by state, its steps, logs, what it made. */
export function RunPage({ loader }: { loader: Loader<RunDetail> }): React.JSX.Element {
  const { commands, trans } = useSlipway();
  useSignal(loader.changed);
  const [chosen, setChosen] = React.useState<string | null>(null);
  const [isRepeating, setRepeating] = React.useState(false);
  const [again, setAgain] = React.useState<ReadonlySet<string> | null>(null);
  const detail = loader.value;
  if (!detail) {
    return (
      <>
        <DaemonNotice />
        <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      </>
    );
  }
  const { run, version } = detail;
  const { notebook } = run.origin;
  const openSource = (): void => void (notebook ? commands.execute(CommandIds.revealCell, { path: notebook.path, cellId: notebook.cells?.[0] ?? null }) : commands.execute(CommandIds.openPipeline, { name: run.pipeline }));
  const selected = chosen ?? stepOfInterest(run);
  const step = run.steps.find(each => each.name === selected);
  const edges = version ? stepEdges(withPeople(version.steps, version.options)) : [];
  const chooseOne = (ids: ReadonlySet<string>): void => setChosen([...ids].find(id => id !== selected) ?? selected);
  return (
    <>
      <Heading
        level={1}
        title={
          <>
            <Button kind="link" onClick={openSource}>{run.pipeline}</Button> · {formatTime(run.createdAt)}
          </>
        }
      >
        {version && <Button aria-expanded={isRepeating} onClick={() => setRepeating(!isRepeating)}>{trans.__('Run with these parameters…')}</Button>}
        {version && run.endedAt !== null && <Button aria-expanded={again !== null} onClick={() => setAgain(again ? null : new Set(selected === null ? [] : [selected]))}>{trans.__('Run chosen steps…')}</Button>}
        <RunActions run={run} step={step ?? null} onChanged={next => loader.put({ run: next, version })} />
      </Heading>
      <DaemonNotice />
      {isRepeating && version && <RunNow version={version} from={run} onDone={() => setRepeating(false)} />}
      {again && version && <RerunSteps run={run} version={version} chosen={again} onChoose={setAgain} onDone={() => setAgain(null)} />}
      <RunFacts run={run} />
      {run.pendingReason && <p className="jp-SlipwayNote" role="note">{run.pendingReason}</p>}
      {run.isLate && <p className="jp-SlipwayNote" data-kind="warning" role="note">{trans.__('This run was not over at its deadline.')}</p>}
      {run.error && <p className="jp-SlipwayNote" data-kind="error" role="alert">{run.error}</p>}
      <UndeliveredNews run={run} />
      <Findings run={run} onSelect={setChosen} />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      <div className="jp-SlipwayRun-columns">
        <div className="jp-SlipwayRun-graph">{version && <RunGraph run={run} version={version} selected={again ?? new Set(selected === null ? [] : [selected])} onSelect={again ? setAgain : chooseOne} />}</div>
        <Durations run={run} edges={edges} selected={selected} onSelect={setChosen} />
      </div>
      {step && <StepPanel key={step.name} run={run} step={step} version={version} onChanged={next => loader.put({ run: next, version })} />}
    </>
  );
}

/** What one looks for first: what failed, else what runs, else the last step. */
function stepOfInterest(run: PipelineRun): string | null {
  const step = run.steps.find(each => each.status === 'awaiting') ?? run.steps.find(each => each.status === 'failed') ?? run.steps.find(each => each.status === 'running') ?? run.steps[run.steps.length - 1];
  return step?.name ?? null;
}

function RunFacts({ run }: { run: PipelineRun }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  const isLive = !isOver(run.status);
  const now = useClock(isLive);
  const duration = run.durationMs ?? (isLive && run.startedAt !== null ? now - Date.parse(run.startedAt) : null);
  const params = Object.entries(run.params);
  const metrics = Object.entries(run.metrics);
  return (
    <div className="jp-SlipwayRun-facts">
      <StateMark state={run.status} label={stateWord(trans, run.status)} showLabel />
      {duration !== null && <span>{formatDuration(duration)}</span>}
      <span className="jp-SlipwayFaint">{run.version === 0 ? triggerWord(trans, run.trigger) : trans.__('version %1, %2', run.version, triggerWord(trans, run.trigger))}</span>
      {run.trigger !== 'proof' && <span className="jp-SlipwayFaint">{run.origin.reason}</span>}
      {run.dataInterval && <span className="jp-SlipwayFaint">{trans.__('data of %1 to %2', formatTime(run.dataInterval.start), formatTime(run.dataInterval.end))}</span>}
      {metrics.map(([name, value]) => (
        <span key={name}>
          <code>{name}</code> <strong>{formatValue(value)}</strong>
        </span>
      ))}
      <ModelLinks models={run.models} />
      {run.mlflowRunId !== null && <Button kind="link" onClick={() => void commands.execute(CommandIds.openTrackedRun, { runId: run.mlflowRunId })}>{trans.__('Params, tags and files')}</Button>}
      {run.mlflowRunId !== null && <Button kind="link" onClick={() => void commands.execute(CommandIds.openLineage, { uri: `run:${run.mlflowRunId}` })}>{trans.__('Lineage')}</Button>}
      {params.length > 0 && (
        <details>
          <summary>{trans._n('%1 parameter', '%1 parameters', params.length)}</summary>
          <Facts facts={params.map(([name, value]) => [name, formatValue(value)])} />
        </details>
      )}
    </div>
  );
}

interface GraphProps {
  run: PipelineRun;
  version: NonNullable<RunDetail['version']>;
  selected: ReadonlySet<string>;
  onSelect: (steps: ReadonlySet<string>) => void;
}

function RunGraph({ run, version, selected, onSelect }: GraphProps): React.JSX.Element {
  const { trans } = useSlipway();
  const states = new Map(run.steps.map(step => [step.name, step]));
  const steps = withPeople(version.steps, version.options);
  const nodes = steps.map(({ name }) => {
    const step = states.get(name);
    const badge = step?.items ? `${step.items.succeeded + step.items.failed} / ${step.items.total}` : step?.cached ? trans.__('reused') : step?.durationMs != null ? formatDuration(step.durationMs) : '';
    return { id: name, title: name, badge, state: step?.status ?? 'waiting', lines: [] };
  });
  return <Graph label={trans.__('Steps of the run')} nodes={nodes} edges={stepEdges(steps)} selected={selected} onSelect={onSelect} />;
}
