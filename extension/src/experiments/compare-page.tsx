import type { RunDetail } from '@slipway/schema';
import * as React from 'react';
import { CommandIds } from '../core/command-ids';
import { DaemonNotice } from '../core/daemon-notice';
import type { Loader } from '../core/loader';
import { Button, Empty, ErrorNote, Heading, ParamName, StateMark } from '../core/parts';
import { useSignal, useSlipway } from '../core/ui';
import { bestOf } from './best';
import { isOfMachine } from './columns';
import { CompareImages } from './compare-images';
import { CompareSource } from './compare-source';
import { CurvesPanel, Swatch } from './curves-panel';
import { finite, formatInstant, formatMetric } from './format';
import { Relations } from './relations';
import { stateOf, statusWord } from './words';

/** Runs side by side: what differs, which is best, their curves, their cells. */
export function ComparePage({ loader }: { loader: Loader<RunDetail[]> }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  useSignal(loader.changed);
  const [isDiffOnly, setDiffOnly] = React.useState(true);
  const runs = loader.value;
  const allCurves = keysOf(runs ?? [], run => run.metrics.filter(metric => metric.count > 1));
  const curveKeys = allCurves.filter(key => !isOfMachine(key));
  const machineKeys = allCurves.filter(isOfMachine);
  return (
    <div className="jp-SlipwayCompare">
      <Heading level={1} title={trans.__('Compare runs')}>
        {runs && runs.length > 1 && <Button onClick={() => void commands.execute(CommandIds.openComparison, comparedPair(runs))}>{trans.__('Data, packages and all else of two …')}</Button>}
      </Heading>
      <DaemonNotice />
      <ErrorNote error={loader.error} onRetry={() => loader.refresh()} />
      {runs && (
        <>
          <CompareTable runs={runs} isDiffOnly={isDiffOnly} onDiffOnly={setDiffOnly} />
          {curveKeys.length > 0 && (
            <section>
              <Heading title={trans.__('Curves')} />
              <CurvesPanel runs={runs} keys={curveKeys} version={runs} />
            </section>
          )}
          <Relations runs={runs} />
          <CompareImages runs={runs} />
          <CompareSource runs={runs} />
          {machineKeys.length > 0 && (
            <section>
              <Heading title={trans.__('The machine')} />
              <CurvesPanel runs={runs} keys={machineKeys} version={runs} />
            </section>
          )}
        </>
      )}
    </div>
  );
}

/** The oldest run beside the newest, the others to choose among. */
function comparedPair(runs: readonly RunDetail[]): { champion: string; candidate: string; runs: { id: string; name: string }[] } {
  const byAge = [...runs].sort((a, b) => a.startedMs - b.startedMs);
  return { champion: `run:${byAge[0]!.id}`, candidate: `run:${byAge.at(-1)!.id}`, runs: runs.map(({ id, name }) => ({ id, name })) };
}

/** Runs are columns; metrics with the best marked, then params with what differs. */
function CompareTable({ runs, isDiffOnly, onDiffOnly }: { runs: RunDetail[]; isDiffOnly: boolean; onDiffOnly: (is: boolean) => void }): React.JSX.Element {
  const { trans, commands } = useSlipway();
  return (
    <div className="jp-SlipwayScroll">
      <table aria-label={trans.__('Runs side by side')} data-whole={!isDiffOnly || undefined}>
        <thead>
          <tr>
            <td />
            {runs.map((run, index) => (
              <th key={run.id} scope="col">
                <Swatch index={index} /> <Button kind="link" onClick={() => void commands.execute(CommandIds.openTrackedRun, { runId: run.id, name: run.name })}>{run.name}</Button>
                <div className="jp-SlipwayCompare-facts">
                  <StateMark state={stateOf(run.status)} label={statusWord(trans, run.status)} /> {formatInstant(run.startedMs)}
                </div>
              </th>
            ))}
          </tr>
        </thead>
        <MetricRows runs={runs} />
        <ParamRows runs={runs} isDiffOnly={isDiffOnly} onDiffOnly={onDiffOnly} />
      </table>
    </div>
  );
}

function MetricRows({ runs }: { runs: RunDetail[] }): React.JSX.Element {
  const { trans } = useSlipway();
  const keys = keysOf(runs, run => run.metrics).filter(key => !isOfMachine(key));
  return (
    <tbody>
      <SectionRow title={trans.__('Metrics')} span={runs.length + 1} />
      {keys.map(key => {
        const values = runs.map(run => run.metrics.find(metric => metric.key === key)?.last ?? null);
        const best = bestOf(key, values.map(finite));
        return (
          <tr key={key}>
            <th scope="row">{key}</th>
            {values.map((value, index) => (
              <td key={runs[index]!.id} data-best={best.has(index) || undefined}>
                {formatMetric(value)}
                {best.has(index) && <span className="jp-SlipwayStar" role="img" aria-label={trans.__('Best')} title={trans.__('Best')} />}
              </td>
            ))}
          </tr>
        );
      })}
      {keys.length === 0 && <NothingRow text={trans.__('None has a metric.')} span={runs.length + 1} />}
    </tbody>
  );
}

function ParamRows({ runs, isDiffOnly, onDiffOnly }: { runs: RunDetail[]; isDiffOnly: boolean; onDiffOnly: (is: boolean) => void }): React.JSX.Element {
  const { trans } = useSlipway();
  const rows = keysOf(runs, run => run.params).map(key => {
    const values = runs.map(run => run.params.find(param => param.key === key)?.value ?? null);
    return { key, values, differs: new Set(values).size > 1 };
  });
  const shown = rows.filter(row => row.differs || !isDiffOnly);
  const hidden = rows.length - shown.length;
  return (
    <tbody>
      <SectionRow title={trans.__('Params')} span={runs.length + 1}>
        <label className="jp-SlipwayCheck">
          <input type="checkbox" checked={isDiffOnly} onChange={event => onDiffOnly(event.target.checked)} />
          {trans.__('Differences only')}
        </label>
      </SectionRow>
      {shown.map(row => (
        <tr key={row.key} data-differs={row.differs || undefined}>
          <th scope="row" title={row.key}>
            <ParamName name={row.key} />
          </th>
          {row.values.map((value, index) => (
            <td key={runs[index]!.id} title={value ?? undefined}>
              {value ?? '–'}
            </td>
          ))}
        </tr>
      ))}
      {rows.length === 0 && <NothingRow text={trans.__('None has a param.')} span={runs.length + 1} />}
      {hidden > 0 && <NothingRow text={trans._n('%1 param is the same in all.', '%1 params are the same in all.', hidden)} span={runs.length + 1} />}
    </tbody>
  );
}

function SectionRow({ title, span, children }: { title: string; span: number; children?: React.ReactNode }): React.JSX.Element {
  return (
    <tr className="jp-SlipwayCompare-section">
      <th scope="rowgroup" colSpan={span}>
        <div>
          <strong>{title}</strong> {children}
        </div>
      </th>
    </tr>
  );
}

function NothingRow({ text, span }: { text: string; span: number }): React.JSX.Element {
  return (
    <tr>
      <td colSpan={span} className="jp-SlipwayFaint">
        {text}
      </td>
    </tr>
  );
}

/** Keys in the order they first appear. */
function keysOf(runs: readonly RunDetail[], of: (run: RunDetail) => readonly { key: string }[]): string[] {
  return [...new Set(runs.flatMap(run => of(run).map(each => each.key)))];
}

/** Where there is nothing to compare. */
export function NothingToCompare(): React.JSX.Element {
  const { trans } = useSlipway();
  return <Empty title={trans.__('Choose two runs or more among the experiments')} />;
}
