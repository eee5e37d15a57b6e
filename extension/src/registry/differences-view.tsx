import type { CellDifference, ModelComparison, ModelGates } from '@slipway/schema';
import * as React from 'react';
import { cellTitle } from '../core/format';
import { Heading } from '../core/parts';
import { useSlipway } from '../core/ui';
import { ChangeBar } from './bars';
import { isImprovement, largestChanges, relativeChange, sameParts } from './changes';
import { changeText, metricText, percentText } from './metric-text';

/** All that differs, whatever two things are compared. */
export type Differences = Omit<ModelComparison, 'model' | 'candidate' | 'champion'>;

interface Props {
  comparison: Differences;
  /** What the two are called, as heads of the columns. */
  names: { champion: string; candidate: string };
  gates: ModelGates | null;
}

/** All that differs from the champion to the candidate, what was measured first. */
export function DifferencesView({ comparison, names, gates }: Props): React.JSX.Element {
  const { trans } = useSlipway();
  const words = { metrics: trans.__('metrics'), params: trans.__('params'), data: trans.__('data'), packages: trans.__('packages'), cells: trans.__('cells'), signature: trans.__('signature') };
  const same = sameParts(comparison).filter(part => part !== 'cells' || comparison.notes.length === 0);
  return (
    <>
      {comparison.notes.map(note => (
        <p key={note} className="jp-SlipwayNote" role="note">{note}</p>
      ))}
      <Metrics comparison={comparison} names={names} gates={gates} />
      <Slices comparison={comparison} names={names} gates={gates} />
      <TwoSides title={trans.__('Signature')} names={names} rows={comparison.signature.map(({ part, column, isBreaking, ...sides }) => ({ name: `${part === 'inputs' ? trans.__('takes') : trans.__('gives')} ${column}`, note: isBreaking ? trans.__('breaks callers') : null, ...sides }))} />
      <TwoSides title={trans.__('Params')} names={names} rows={comparison.params} />
      <TwoSides title={trans.__('Data')} names={names} rows={comparison.data.map(({ path, ...sides }) => ({ name: path, ...sides }))} isDigest />
      <TwoSides title={trans.__('Packages')} names={names} rows={comparison.packages} />
      {comparison.cells.length > 0 && (
        <section aria-label={trans.__('Cells')}>
          <Heading level={3} title={trans.__('Cells')} />
          {comparison.cells.map(cell => (
            <CellDiff key={cell.cellId} cell={cell} />
          ))}
        </section>
      )}
      {same.length > 0 && <p className="jp-SlipwayFaint jp-SlipwayDifferences-same">{trans.__('The same in both: %1.', same.map(part => words[part]).join(', '))}</p>}
    </>
  );
}

function Head({ names, first, kind }: { names: Props['names']; first: string; kind?: 'number' }): React.JSX.Element {
  return (
    <>
      <th scope="col">{first}</th>
      <th scope="col" data-kind={kind}>{names.champion}</th>
      <th scope="col" data-kind={kind}>{names.candidate}</th>
    </>
  );
}

function Metrics({ comparison, names, gates }: Props): React.JSX.Element | null {
  const { trans } = useSlipway();
  if (comparison.metrics.length === 0) {
    return null;
  }
  return (
    <section className="jp-SlipwayScroll" aria-label={trans.__('Metrics')}>
      <table className="jp-SlipwayDifferences-metrics">
        <thead>
          <tr>
            <Head names={names} first={trans.__('Metric')} kind="number" />
            <th scope="col">{trans.__('Change')}</th>
          </tr>
        </thead>
        <tbody>
          {comparison.metrics.map(metric => (
            <tr key={metric.name}>
              <th scope="row">{metric.name}</th>
              <td data-kind="number">{metricText(metric.champion)}</td>
              <td data-kind="number">{metricText(metric.candidate)}</td>
              <td>
                {changeText(metric.change)} <span className="jp-SlipwayFaint">{percentText(relativeChange(metric))}</span> <Better isBetter={isImprovement(metric.name, metric.change, gates)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Slices({ comparison, names, gates }: Props): React.JSX.Element | null {
  const { trans } = useSlipway();
  if (comparison.slices.length === 0) {
    return null;
  }
  const largest = largestChanges(comparison.slices);
  return (
    <section className="jp-SlipwayScroll" aria-label={trans.__('Slices')}>
      <Heading level={3} title={trans.__('By slices of the data')} />
      <table className="jp-SlipwayDifferences-metrics">
        <thead>
          <tr>
            <Head names={names} first={trans.__('Slice')} kind="number" />
            <th scope="col">{trans.__('Change')}</th>
          </tr>
        </thead>
        <tbody>
          {comparison.slices.map(slice => (
            <tr key={`${slice.metric} ${slice.column} ${slice.value}`}>
              <th scope="row">
                {slice.metric} · {slice.column} <strong>{slice.value}</strong>
                {slice.rows !== null && <span className="jp-SlipwayFaint"> {trans._n('%1 row', '%1 rows', slice.rows)}</span>}
              </th>
              <td data-kind="number">{metricText(slice.champion)}</td>
              <td data-kind="number">{metricText(slice.candidate)}</td>
              <td>
                <ChangeBar change={slice.change} most={largest.get(slice.metric) ?? 0} isBetter={isImprovement(slice.metric, slice.change, gates)} /> <Better isBetter={isImprovement(slice.metric, slice.change, gates)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The word beside the colour; nothing where nobody knows which way is better. */
function Better({ isBetter }: { isBetter: boolean | null }): React.JSX.Element | null {
  const { trans } = useSlipway();
  return isBetter === null ? null : (
    <span className="jp-SlipwayBetter" data-better={isBetter}>{isBetter ? trans.__('better') : trans.__('worse')}</span>
  );
}

interface Row {
  name: string;
  candidate: string | null;
  champion: string | null;
  note?: string | null;
}

function TwoSides({ title, names, rows, isDigest = false }: { title: string; names: Props['names']; rows: Row[]; isDigest?: boolean }): React.JSX.Element | null {
  const { trans } = useSlipway();
  const show = (value: string | null): React.ReactNode => (value === null ? <span className="jp-SlipwayFaint">{trans.__('none')}</span> : <code title={value}>{isDigest ? value.replace(/^sha256:/, '').slice(0, 12) : value}</code>);
  return rows.length === 0 ? null : (
    <section className="jp-SlipwayScroll" aria-label={title}>
      <Heading level={3} title={title} />
      <table className="jp-SlipwayDifferences-sides">
        <thead>
          <tr>
            <Head names={names} first={trans.__('Name')} />
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.name}>
              <th scope="row" title={row.name}>
                {isDigest ? shortPath(row.name) : row.name} {row.note && <span className="jp-SlipwayTag" data-kind="warning">{row.note}</span>}
              </th>
              <td data-side="champion">{show(row.champion)}</td>
              <td data-side="candidate">{show(row.candidate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CellDiff({ cell }: { cell: CellDifference }): React.JSX.Element {
  const { trans } = useSlipway();
  const note = { added: trans.__('new'), removed: trans.__('gone'), changed: trans.__('changed') }[cell.change];
  const marks = { same: ' ', added: '+', removed: '−' };
  const title = cellTitle(cell.lines.filter(line => line.kind !== 'removed' || cell.change === 'removed').map(line => line.text).join('\n'));
  return (
    <div className="jp-SlipwayDiff">
      <header>
        {title} <span className="jp-SlipwayTag">{note}</span>
      </header>
      <pre tabIndex={0} aria-label={trans.__('Lines of the cell %1', title)}>
        {cell.lines.map((line, index) => (
          <div key={index} data-kind={line.kind}>
            <span>{marks[line.kind]}</span> {line.text}
          </div>
        ))}
      </pre>
    </div>
  );
}

/** The file and the folder it lies in: paths differ at their ends. */
function shortPath(path: string): string {
  const parts = path.split('/');
  return parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : path;
}
