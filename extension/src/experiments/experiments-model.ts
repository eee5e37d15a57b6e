import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { endpoints, type ExperimentSummary, type RunColumns, type RunGroup, type RunLine, type RunOrder, type RunRowsQuery } from '@slipway/schema';
import { Loader } from '../core/loader';
import type { ISlipway } from '../core/tokens';
import { defaultColumns, seedsAmong, type ColumnChoice } from './columns';
import { keepPaced } from './keep-paced';
import { Pace } from './pace';
import { PagedRows, type Stretch } from './paged-rows';
import type { TableState } from './table-state';

/** A row with the columns its values are of. */
export type TableRow = { columns: ColumnChoice } & ({ kind: 'run'; run: RunLine } | { kind: 'group'; group: RunGroup });
/** More are not told apart by colours, nor read side by side. */
export const MOST_COMPARED = 20;
/** A change names so many at most. */
export const MOST_CHOSEN = 1_000;
const ALL_PAGE = 200;
const NEWEST_FIRST: RunOrder = { by: 'started', aggregate: 'last', isAscending: false };
const ROWS_EVERY_MS = 1_000;
const LISTS_EVERY_MS = 4_000;
const CONCERNS = new Set(['run.changed', 'trial.changed', 'session.changed']);

/** What the page of experiments shows: which runs, which columns, in what order, which are chosen. */
export class ExperimentsModel implements IDisposable {
  constructor(
    private readonly slipway: ISlipway,
    private readonly state: TableState,
    private _experimentId: string | null,
    private _filter = ''
  ) {
    const { client } = slipway;
    this.experiments = new Loader(async () => (await client.call(endpoints.explore.experiments, { query: { search: this.search } })).items);
    this.columnsThere = new Loader(async () => {
      const experimentId = this._experimentId;
      return { experimentId, columns: await client.call(endpoints.explore.columns, { query: { experimentId: experimentId ?? undefined } }) };
    });
    this.rows = new PagedRows((offset, limit) => this.fetch(offset, limit));
    this.columnsThere.changed.connect(() => this.onColumns());
    keepPaced(slipway, this.experiments, LISTS_EVERY_MS, event => CONCERNS.has(event.type));
    keepPaced(slipway, this.columnsThere, LISTS_EVERY_MS, event => CONCERNS.has(event.type));
    this.pace = new Pace(() => this.rows.refresh(), ROWS_EVERY_MS);
    slipway.news.received.connect(this.onNews, this);
    slipway.daemon.returned.connect(this.onReturned, this);
    void this.restoreColumns();
  }

  readonly experiments: Loader<ExperimentSummary[]>;
  private readonly columnsThere: Loader<{ experimentId: string | null; columns: RunColumns }>;
  readonly rows: PagedRows<TableRow>;

  /** Emitted after anything but the rows changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }
  /** null is all experiments. */
  get experimentId(): string | null {
    return this._experimentId;
  }
  /** Columns there are to choose from; null until they are known. */
  get available(): RunColumns | null {
    const there = this.columnsThere.value;
    return there?.experimentId === this._experimentId ? there.columns : null;
  }
  get columns(): ColumnChoice {
    return this.chosen ?? (this.available ? defaultColumns(this.available) : { params: [], metrics: [] });
  }
  get order(): RunOrder {
    return this._order;
  }
  get filter(): string {
    return this._filter;
  }
  get isGrouped(): boolean {
    return this._isGrouped;
  }
  get withSessions(): boolean {
    return this._withSessions;
  }
  /** Deleted runs are shown, not those that are there. */
  get isDeleted(): boolean {
    return this._isDeleted;
  }
  /** Params that repeats may differ in. */
  get seeds(): string[] {
    return seedsAmong(this.available?.params.map(param => param.key) ?? []);
  }
  get selection(): ReadonlySet<string> {
    return this._selection;
  }
  /** True where only the newest of too many runs were grouped. */
  get isTruncated(): boolean {
    return this._isTruncated;
  }

  /** An experiment’s name, where the list has it. */
  nameOf(experimentId: string): string | null {
    return this.experiments.value?.find(each => each.id === experimentId)?.name ?? null;
  }

  /** A run’s name, where its row is there. */
  nameOfRun(runId: string): string {
    const row = this.rows.find(each => each.kind === 'run' && each.run.id === runId);
    return row?.kind === 'run' ? row.run.name : '';
  }

  /** Those that runs may go to, whatever is searched for in the list. */
  async allExperiments(): Promise<ExperimentSummary[]> {
    return (await this.slipway.client.call(endpoints.explore.experiments, { query: { limit: 1_000 } })).items;
  }

  /** Chooses what the table holds, at most `MOST_CHOSEN`. */
  async selectAll(): Promise<void> {
    const ids: string[] = [];
    for (let offset = 0, total = Infinity; offset < total && ids.length < MOST_CHOSEN; offset += ALL_PAGE) {
      const { items, total: found } = await this.fetch(offset, ALL_PAGE);
      total = found;
      ids.push(...items.flatMap(runIdsOf));
    }
    this.select(ids.slice(0, MOST_CHOSEN), true);
  }

  find(search: string): void {
    this.search = search;
    this.experiments.refresh();
  }

  async open(experimentId: string | null, filter = ''): Promise<void> {
    this._experimentId = experimentId;
    this._selection = new Set();
    this._order = NEWEST_FIRST;
    this._filter = filter;
    this.chosen = null;
    this.isReady = false;
    this.fetched = '';
    this.rows.clear();
    this._changed.emit();
    this.columnsThere.refresh();
    await this.restoreColumns();
  }

  set(change: { filter?: string; order?: RunOrder; isGrouped?: boolean; withSessions?: boolean; isDeleted?: boolean }): void {
    if (change.isDeleted !== undefined && change.isDeleted !== this._isDeleted) {
      this._isDeleted = change.isDeleted;
      this._selection = new Set();
    }
    this._filter = change.filter ?? this._filter;
    this._order = change.order ?? this._order;
    this._isGrouped = change.isGrouped ?? this._isGrouped;
    this._withSessions = change.withSessions ?? this._withSessions;
    this._changed.emit();
    this.rows.reset();
  }

  choose(columns: ColumnChoice): void {
    this.chosen = columns;
    void this.state.keepColumns(this._experimentId ?? 'all', columns);
    this._changed.emit();
    this.rows.reset();
  }

  select(ids: readonly string[], isSelected: boolean): void {
    const next = new Set(this._selection);
    ids.forEach(id => (isSelected ? next.add(id) : next.delete(id)));
    this._selection = next;
    this._changed.emit();
  }

  clearSelection(): void {
    this._selection = new Set();
    this._changed.emit();
  }

  /** Shows the runs of a group one by one. */
  expand(group: RunGroup): void {
    this.set({ isGrouped: false, filter: `attributes.run_id IN (${group.runIds.map(id => `'${id}'`).join(', ')})` });
  }

  dispose(): void {
    this._isDisposed = true;
    this.slipway.news.received.disconnect(this.onNews, this);
    this.slipway.daemon.returned.disconnect(this.onReturned, this);
    this.pace.stop();
    [this.experiments, this.columnsThere, this.rows].forEach(part => part.dispose());
    Signal.clearData(this);
  }

  private async restoreColumns(): Promise<void> {
    const experimentId = this._experimentId;
    const chosen = await this.state.columnsOf(experimentId ?? 'all');
    if (experimentId === this._experimentId && !this._isDisposed) {
      this.chosen ??= chosen;
      this.isReady = true;
      this._changed.emit();
      if (this.chosen || this.available) {
        this.rows.reset();
      }
    }
  }

  private onColumns(): void {
    this._changed.emit();
    if (this.chosen === null && this.isReady && JSON.stringify(this.columns) !== this.fetched) {
      this.rows.reset(); // what was fetched knew fewer columns
    }
  }

  private onNews(_: unknown, event: { type: string; data: Record<string, unknown> }): void {
    const isElsewhere = this._experimentId !== null && event.data.experimentId !== undefined && event.data.experimentId !== this._experimentId;
    if (CONCERNS.has(event.type) && !isElsewhere) {
      this.pace.ask();
    }
  }

  private onReturned(): void {
    this.rows.refresh();
  }

  private async fetch(offset: number, limit: number): Promise<Stretch<TableRow>> {
    const { columns } = this;
    const { params, metrics } = columns;
    this.fetched = JSON.stringify(columns);
    const body: RunRowsQuery = { experimentId: this._experimentId, filter: this._filter, withSessions: this._withSessions, isDeleted: this._isDeleted, order: this._order, params, metrics, offset, limit };
    if (!this._isGrouped) {
      const { items, total } = await this.slipway.client.call(endpoints.explore.rows, { body });
      return { items: items.map(run => ({ kind: 'run', run, columns })), total };
    }
    const { items, total, isTruncated } = await this.slipway.client.call(endpoints.explore.groups, { body: { ...body, ignoring: this.seeds } });
    this._isTruncated = isTruncated;
    return { items: items.map(group => ({ kind: 'group', group, columns })), total };
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly pace: Pace;
  private search = '';
  private chosen: ColumnChoice | null = null;
  private isReady = false;
  private fetched = '';
  private _order = NEWEST_FIRST;
  private _isGrouped = false;
  private _withSessions = false;
  private _isTruncated = false;
  private _isDeleted = false;
  private _selection: ReadonlySet<string> = new Set();
  private _isDisposed = false;
}

/** The runs a row stands for, the newest first. */
export function runIdsOf(row: TableRow): string[] {
  return row.kind === 'run' ? [row.run.id] : row.group.runIds;
}
