import type { PipelineRun } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import { formatDuration, formatTime, formatValue } from '../core/format';
import type { Loader } from '../core/loader';
import { Button, ErrorNote, Heading, StateMark } from '../core/parts';
import { useClock, useSignal, useSlipway } from '../core/ui';
import { Graph } from '../graph/graph';
import { stepEdges } from './draft-graph';
import { Durations } from './durations';
import { ModelLinks } from './model-links';
import type { RunDetail } from './loaders';
import { RunActions } from './run-actions';
import { RunNow } from './run-now';
import { StepPanel } from './step-panel';
import { stateWord, triggerWord } from './words';

/** One run: its graph by state, its steps, logs, what it made. */
export function RunPage({ loader }: { loader: Loader<RunDetail> }): React.JSX.Element {
  const { commands, trans } = useSlipway();
  useSignal(loader.changed);
  const [chosen, setChosen] = React.useState<string | null>(null);
  const [isRepeating, setRepeating] = React.useState(false);
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
  const selected = chosen ?? stepOfInterest(run);
  const step = run.steps.find(each => each.name === selected);
  return (
    <>
      <Heading
        level={1}
        title={
          <>
            <Button kind="link" onClick={() => void commands.execute(CommandIds.openPipeline, { name: run.pipeline })}>{run.pipeline}</Button> · {formatTime(run.createdAt)}
          </>
        }
      >
        {version && run.trigger !== 'proof' && <Button aria-expanded={isRepeating} onClick={() => setRepeating(!isRepeating)}>{trans.__('Run with these parameters…')}</Button>}
        <RunActions run={run} step={step ?? null} onChanged={next => loader.put({ run: next, version })} />
      </Heading>
      <DaemonNotice />
      {isRepeating && version && <RunNow version={version} from={run} onDone={() => setRepeating(false)} />}
      <RunFacts run={run} />
      {run.pendingReason && <p className="jp-SlipwayNote" role="note">{run.pendingReason}</p>}
      {run.isLate && <p className="jp-SlipwayNote" data-kind="warning" role="note">{trans.__('This run was not over at its deadline.')}</p>}
      {run.error && <p className="jp-SlipwayNote" data-kind="error" role="alert">{run.error}</p>}
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      <div className="jp-SlipwayRun-columns">
        <div className="jp-SlipwayRun-graph">{version && <RunGraph run={run} version={version} selected={selected} onSelect={setChosen} />}</div>
        <Durations run={run} selected={selected} onSelect={setChosen} />
      </div>
      {step && <StepPanel key={step.name} run={run} step={step} version={version} />}
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
  const isLive = run.status === 'running' || run.status === 'queued' || run.status === 'cancelling';
  const now = useClock(isLive);
  const duration = run.durationMs ?? (isLive && run.startedAt !== null ? now - Date.parse(run.startedAt) : null);
  const params = Object.entries(run.params);
  const metrics = Object.entries(run.metrics);
  return (
    <div className="jp-SlipwayRun-facts">
      <StateMark state={run.status} label={stateWord(trans, run.status)} showLabel />
      {duration !== null && <span>{formatDuration(duration)}</span>}
      <span className="jp-SlipwayFaint">{trans.__('version %1, %2', run.version, triggerWord(trans, run.trigger))}</span>
      {run.trigger !== 'proof' && <span className="jp-SlipwayFaint">{run.origin.reason}</span>}
      {run.dataInterval && <span className="jp-SlipwayFaint">{trans.__('data of %1 to %2', formatTime(run.dataInterval.start), formatTime(run.dataInterval.end))}</span>}
      {metrics.map(([name, value]) => (
        <span key={name}>
          <code>{name}</code> <strong>{formatValue(value)}</strong>
        </span>
      ))}
      <ModelLinks models={run.models} />
      {run.mlflowRunId !== null && <Button kind="link" onClick={() => void commands.execute(CommandIds.openLineage, { uri: `run:${run.mlflowRunId}` })}>{trans.__('Lineage')}</Button>}
      {params.length > 0 && (
        <details>
          <summary>{trans._n('%1 parameter', '%1 parameters', params.length)}</summary>
          <dl className="jp-SlipwayFacts">
            {params.map(([name, value]) => (
              <React.Fragment key={name}>
                <dt>{name}</dt>
                <dd>{formatValue(value)}</dd>
              </React.Fragment>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

function RunGraph({ run, version, selected, onSelect }: { run: PipelineRun; version: NonNullable<RunDetail['version']>; selected: string | null; onSelect: (step: string) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const states = new Map(run.steps.map(step => [step.name, step]));
  const steps = stepsShown(version);
  const nodes = steps.map(({ name }) => {
    const step = states.get(name);
    const badge = step?.items ? `${step.items.succeeded + step.items.failed} / ${step.items.total}` : step?.cached ? trans.__('reused') : step?.durationMs != null ? formatDuration(step.durationMs) : '';
    return { id: name, title: name, badge, state: step?.status ?? 'waiting', lines: [] };
  });
  const select = (ids: ReadonlySet<string>): void => {
    const next = [...ids].find(id => id !== selected) ?? selected;
    if (next !== null) {
      onSelect(next);
    }
  };
  return <Graph label={trans.__('Steps of the run')} nodes={nodes} edges={stepEdges(steps)} selected={new Set(selected === null ? [] : [selected])} onSelect={select} />;
}

/** The steps with those that people take between them. */
function stepsShown({ steps, options }: NonNullable<RunDetail['version']>): { name: string; after: string[] }[] {
  const people = options?.humanSteps ?? [];
  const exits = new Set(steps.filter(s => options?.steps[s.name]?.isExitHandler).map(s => s.name));
  const work = steps.filter(s => !exits.has(s.name));
  const isLast = (name: string): boolean => !work.some(s => s.after.includes(name));
  return [
    ...people.map(({ name, after }) => ({ name, after })),
    ...steps.map(({ name, after }) => ({
      name,
      after: exits.has(name) ? [...new Set([...after, ...work.filter(s => isLast(s.name)).map(s => s.name)])] : [...after, ...people.filter(p => p.before.includes(name)).map(p => p.name)]
    }))
  ];
}
