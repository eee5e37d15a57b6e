import { endpoints, type Curve } from '@slipway/schema';
import * as React from 'react';
import { Empty, ErrorNote } from '../core/parts';
import { errorOf } from '../core/slipway-error';
import { useSlipway } from '../core/ui';
import { COLOURS, CurvePlot, type CurveLook, type NamedCurve } from './curve-plot';

/** What the API takes at once. */
const MOST_KEYS = 20;

export interface CurveRun {
  id: string;
  name: string;
}

/** Curves of metrics over their steps (or time, where `over` says so), one plot a metric; `version` changes when there may be more points. */
export function CurvesPanel({ runs, keys, version, over = 'step' }: { runs: CurveRun[]; keys: string[]; version: unknown; over?: CurveLook['x'] }): React.JSX.Element {
  const { trans } = useSlipway();
  const [look, setLook] = React.useState<CurveLook>({ smoothing: 0, isLog: false, x: over });
  const { curves, error, retry } = useCurves(runs, keys, version);
  const plots = React.useMemo(() => keys.map(key => ({ key, curves: namedCurves(key, curves ?? [], runs) })).filter(plot => plot.curves.length > 0), [curves, keys.join('\n'), runs.map(run => run.id).join()]);
  if (keys.length === 0) {
    return <Empty title={trans.__('No curve')}>{trans.__('A metric that is measured step by step, as in a training loop, is drawn here.')}</Empty>;
  }
  return (
    <>
      <Controls look={look} onChange={setLook} />
      <ErrorNote error={error} onRetry={retry} />
      {runs.length > 1 && <Legend runs={runs} />}
      <div className="jp-SlipwayCurves">
        {plots.map(plot => (
          <CurvePlot key={plot.key} title={plot.key} curves={plot.curves} look={look} />
        ))}
      </div>
    </>
  );
}

function Controls({ look, onChange }: { look: CurveLook; onChange: (look: CurveLook) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  return (
    <div className="jp-SlipwayCurves-controls">
      <label className="jp-SlipwayCheck">
        {trans.__('Smoothing')}
        <input type="range" min={0} max={0.98} step={0.02} value={look.smoothing} onChange={event => onChange({ ...look, smoothing: Number(event.target.value) })} />
        <output>{look.smoothing.toFixed(2)}</output>
      </label>
      <label className="jp-SlipwayCheck">
        <input type="checkbox" checked={look.isLog} onChange={event => onChange({ ...look, isLog: event.target.checked })} />
        {trans.__('Logarithmic')}
      </label>
      <label className="jp-SlipwayCheck">
        {trans.__('Over')}
        <select value={look.x} onChange={event => onChange({ ...look, x: event.target.value as CurveLook['x'] })}>
          <option value="step">{trans.__('steps')}</option>
          <option value="time">{trans.__('time')}</option>
        </select>
      </label>
    </div>
  );
}

/** The colours of runs, by name. */
function Legend({ runs }: { runs: CurveRun[] }): React.JSX.Element {
  return (
    <ul className="jp-SlipwayCurves-legend">
      {runs.map((run, index) => (
        <li key={run.id}>
          <Swatch index={index} /> {run.name}
        </li>
      ))}
    </ul>
  );
}

export function Swatch({ index }: { index: number }): React.JSX.Element {
  return <span className="jp-SlipwaySwatch" aria-hidden="true" style={{ background: `var(--jp-slipway-series-${index % COLOURS})` }} />;
}

function namedCurves(key: string, curves: readonly Curve[], runs: readonly CurveRun[]): NamedCurve[] {
  return runs.flatMap((run, colour) => curves.filter(curve => curve.runId === run.id && curve.key === key).map(curve => ({ curve, name: run.name, colour })));
}

function useCurves(runs: readonly CurveRun[], keys: readonly string[], version: unknown): { curves: Curve[] | null; error: Error | null; retry: () => void } {
  const { client } = useSlipway();
  const [curves, setCurves] = React.useState<Curve[] | null>(null);
  const [error, setError] = React.useState<Error | null>(null);
  const [turn, retry] = React.useReducer((count: number) => count + 1, 0);
  const runIds = runs.map(run => run.id);
  React.useEffect(() => {
    const abort = new AbortController();
    const pieces = Array.from({ length: Math.ceil(keys.length / MOST_KEYS) }, (_, i) => keys.slice(i * MOST_KEYS, (i + 1) * MOST_KEYS));
    Promise.all(pieces.map(piece => client.call(endpoints.explore.curves, { body: { runIds, keys: [...piece] }, signal: abort.signal }))).then(
      replies => {
        setCurves(replies.flatMap(reply => reply.items));
        setError(null);
      },
      (caught: unknown) => abort.signal.aborted || setError(errorOf(caught))
    );
    return () => abort.abort();
  }, [client, runIds.join(), keys.join('\n'), version, turn]);
  return { curves, error, retry };
}
