import { sortSlices, toMetricValue, type CellDifference, type MetricValue, type ModelComparison, type SlicedMetric } from '@slipway/schema';
import { diffLines } from './diff-lines';

export interface Cell {
  id: string;
  source: string;
}
/** All that is known of how a version came about. */
export interface Making {
  params: ReadonlyMap<string, string>;
  metrics: ReadonlyMap<string, number>;
  packages: ReadonlyMap<string, string>;
  /** Digest of what was read, by its path; null where it was not digested. */
  data: ReadonlyMap<string, string | null>;
  cells: readonly Cell[];
}
type Differences = Pick<ModelComparison, 'params' | 'metrics' | 'slices' | 'packages' | 'data' | 'cells'>;

/** What differs from the champion to the candidate. */
export function differences(candidate: Making, champion: Making): Differences {
  const [mine, theirs] = [sortSlices(candidate.metrics), sortSlices(champion.metrics)];
  return {
    params: textDifferences(candidate.params, champion.params),
    metrics: metricDifferences(mine.whole, theirs.whole),
    slices: sliceDifferences(mine.sliced, theirs.sliced),
    packages: textDifferences(candidate.packages, champion.packages),
    data: dataDifferences(candidate.data, champion.data),
    cells: cellDifferences(candidate.cells, champion.cells)
  };
}

function namesOf(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort();
}

function textDifferences(candidate: ReadonlyMap<string, string>, champion: ReadonlyMap<string, string>): { name: string; candidate: string | null; champion: string | null }[] {
  return namesOf(candidate, champion)
    .map(name => ({ name, candidate: candidate.get(name) ?? null, champion: champion.get(name) ?? null }))
    .filter(d => d.candidate !== d.champion);
}

function metricDifferences(candidate: ReadonlyMap<string, number>, champion: ReadonlyMap<string, number>): Differences['metrics'] {
  return namesOf(candidate, champion).flatMap(name => {
    const [mine, theirs] = [candidate.get(name), champion.get(name)];
    const change = mine === undefined || theirs === undefined ? NaN : mine - theirs;
    return Object.is(mine, theirs) || change === 0 ? [] : [{ name, candidate: printable(mine), champion: printable(theirs), change: Number.isFinite(change) ? change : null }];
  });
}

/** Slices of the same metric, column and value beside each other. */
function sliceDifferences(candidate: readonly SlicedMetric[], champion: readonly SlicedMetric[]): Differences['slices'] {
  const flat = (sliced: readonly SlicedMetric[]) => new Map(sliced.flatMap(({ metric, column, slices }) => slices.map(s => [JSON.stringify([metric, column, s.value]), { number: Number(s.metric), rows: s.rows }] as const)));
  const [mine, theirs] = [flat(candidate), flat(champion)];
  const numbers = (slices: typeof mine): Map<string, number> => new Map([...slices].map(([key, { number }]) => [key, number]));
  return metricDifferences(numbers(mine), numbers(theirs)).map(({ name, ...sides }) => {
    const [metric, column, value] = JSON.parse(name) as [string, string, string];
    return { metric, column, value, rows: mine.get(name)?.rows ?? null, ...sides };
  });
}

/** The same bytes under another path are the same data: notebooks move. */
function dataDifferences(candidate: Making['data'], champion: Making['data']): Differences['data'] {
  const known = (data: Making['data']): Set<string> => new Set([...data.values()].filter(d => d !== null));
  const [mine, theirs] = [known(candidate), known(champion)];
  const side = (data: Making['data'], path: string): string | null => (data.has(path) ? (data.get(path) ?? 'unknown') : null);
  return namesOf(candidate, champion)
    .map(path => ({ path, candidate: side(candidate, path), champion: side(champion, path) }))
    .filter(d => d.candidate !== d.champion && !(d.candidate === null && mine.has(d.champion!)) && !(d.champion === null && theirs.has(d.candidate!)));
}

/** Cells are the same by id, or by source where a notebook gave them new ids. */
function cellDifferences(candidate: readonly Cell[], champion: readonly Cell[]): CellDifference[] {
  const before = new Map(champion.map(c => [c.id, c.source]));
  const [mine, theirs] = [new Set(candidate.map(c => c.id)), new Set(champion.map(c => c.source))];
  const kept = new Set(candidate.map(c => c.source));
  const changed = candidate.flatMap<CellDifference>(cell => {
    const old = before.get(cell.id);
    if (old === cell.source || (old === undefined && theirs.has(cell.source))) {
      return [];
    }
    return [{ cellId: cell.id, change: old === undefined ? 'added' : 'changed', lines: diffLines(old ?? '', cell.source) }];
  });
  const gone = champion.filter(c => !mine.has(c.id) && !kept.has(c.source));
  return [...changed, ...gone.map(c => ({ cellId: c.id, change: 'removed' as const, lines: diffLines(c.source, '') }))];
}

function printable(value: number | undefined): MetricValue | null {
  return value === undefined ? null : toMetricValue(value);
}
