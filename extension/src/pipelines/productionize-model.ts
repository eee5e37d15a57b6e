import { endpoints, type Draft, type Notebook, type PipelineOptions, type PipelineSpec, type PipelineVersion, type StepGrouping, type StepOptions } from '@slipway/schema';
import { AskingModel } from '../core/asking-model';
import type { ISlipway } from '../core/tokens';
import { EditHistory } from './edit-history';
import { mergeSteps, moveCell, renameStep, splitStep } from './grouping';
import { carriedOptions, NO_OPTIONS, withStepOptions } from './options-edits';
import { ProofModel } from './proof-model';
import type { VersionShape } from './version-changes';

export interface ScheduleChoice {
  isScheduled: boolean;
  cron: string;
  timeZone: string;
}

export interface ProductionizeOptions {
  slipway: ISlipway;
  notebookPath: string;
  /** The notebook as the editor holds it now, unsaved edits included. */
  notebook: () => Notebook;
  /** The version that is edited; all its cells stay. Absent: the notebook's results say which are needed. */
  base?: EditedPipeline;
  /** Makes the draft of a pipeline that is edited in its file, where no notebook tells all of it. */
  draftOf?: (edits: DraftEdits) => Promise<Draft>;
}

/** A pipeline as far as it is edited; one in a file has no version of its own. */
export type EditedPipeline = Pick<PipelineVersion, 'pipeline' | 'steps' | 'cells' | 'params' | 'options'> & { version?: number };

/** What the user made of the draft; all of it can be undone. */
export interface DraftEdits {
  /** null: Slipway's own proposal. */
  grouping: StepGrouping | null;
  /** Names of the constants that are parameters; null: all. */
  params: readonly string[] | null;
  /** null: those the pipeline has, if there is one of the name. */
  options: PipelineOptions | null;
}

/** A notebook on its way to a pipeline, or a pipeline's version on its way to the next: the draft, the user's edits to it, its proof. */
export class ProductionizeModel extends AskingModel {
  constructor(private readonly options: ProductionizeOptions) {
    super();
    this.proof = new ProofModel(options.slipway);
    this.proof.changed.connect(() => this.announce());
    this.notebook = options.notebook();
    this.history = new EditHistory(this.firstEdits());
    this.name = options.base?.pipeline ?? '';
    this._known = options.base?.options ?? NO_OPTIONS;
    options.slipway.daemon.returned.connect(this.onReturned, this);
    void this.load();
  }

  readonly proof: ProofModel;
  /** Steps chosen in the graph, by name. */
  selected: ReadonlySet<string> = new Set();
  name: string;
  schedule: ScheduleChoice = { isScheduled: false, cron: '0 6 * * *', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };

  get notebookPath(): string {
    return this.options.notebookPath;
  }
  get draft(): Draft | null {
    return this._draft;
  }
  get edits(): DraftEdits {
    return this.history.present;
  }
  get isLoading(): boolean {
    return this._isLoading;
  }
  get canUndo(): boolean {
    return this.history.canUndo;
  }
  get canRedo(): boolean {
    return this.history.canRedo;
  }
  /** Order beyond the cells: as edited, else as the pipeline has it. */
  get pipelineOptions(): PipelineOptions {
    return this.edits.options ?? this._known;
  }
  /** The constants that are parameters. */
  get params(): string[] {
    return (this._draft?.constants ?? []).map(constant => constant.name).filter(name => this.isParam(name));
  }

  /** What is edited, as it is now. */
  get shape(): VersionShape {
    return { grouping: this.grouping(), params: this.params, options: this.pipelineOptions };
  }

  /** Changes fields that need no word from the daemon. */
  set(change: Partial<Pick<this, 'selected' | 'name' | 'schedule'>>): void {
    if (change.name !== undefined && change.name !== this.name && !this.options.base) {
      this._known = NO_OPTIONS; // what another pipeline has is not this one's
      this.learnt = null;
    }
    Object.assign(this, change);
    this.announce();
  }

  isParam(name: string): boolean {
    return this.edits.params?.includes(name) ?? true;
  }

  setParam(name: string, isParam: boolean): void {
    const others = this.params.filter(each => each !== name);
    this.keep({ params: isParam ? [...others, name] : others });
  }

  /** Why what was edited was refused; null once something else is edited. */
  get refusal(): Error | null {
    return this._refusal ?? this.proof.error ?? this.error;
  }

  setStepOptions(step: string, options: StepOptions): void {
    this.setOptions(withStepOptions(this.pipelineOptions, step, options));
  }

  setOptions(options: PipelineOptions): void {
    this.keep({ options });
  }

  /** The daemon did not take the options: where they are set it is said of what. */
  refuse(error: Error): void {
    this._refusal = error;
    this.announce();
  }

  merge(): void {
    this.edit(grouping => mergeSteps(grouping, this.selected, this.cellOrder()), (names, made) => new Map([...this.selected].filter(name => !names.has(name)).map(name => [name, made])));
  }

  split(cellId: string): void {
    const step = this.grouping().find(each => each.cells.includes(cellId))?.name ?? '';
    this.edit(grouping => splitStep(grouping, cellId), (_names, made) => new Map([[step, [step, ...made]]]));
  }

  rename(from: string, to: string): void {
    this.edit(grouping => renameStep(grouping, from, to), (_names, made) => new Map([[from, made]]));
  }

  move(cellId: string, to: string): void {
    this.edit(grouping => moveCell(grouping, cellId, to, this.cellOrder()));
  }

  undo(): void {
    this.history.undo();
    void this.load();
  }

  redo(): void {
    this.history.redo();
    void this.load();
  }

  /** Takes the notebook as it is now; the user's steps begin anew where its cells changed. */
  reread(): void {
    this.notebook = this.options.notebook();
    this.history = new EditHistory(this.firstEdits());
    this.proof.forget();
    void this.load();
  }

  /** Begins the proof; of an edited version only while it is still the newest. */
  async check(): Promise<void> {
    await this.attempt(() => this.assertNewest());
    if (this.error) {
      return;
    }
    this.notebook = this.options.notebook();
    await this.proof.start(this.spec());
  }

  /** Learns what a pipeline of this name says of its steps already, so that an edit of it begins there. */
  async learnOptions(): Promise<void> {
    const { client } = this.options.slipway;
    const name = this.name;
    if (this.options.base || name === '' || this.learnt === name) {
      return;
    }
    this.learnt = name;
    const known = await client.call(endpoints.pipelines.get, { params: { name } }).catch(() => null);
    const version = known && (await client.call(endpoints.pipelines.version, { params: { name, version: String(known.latestVersion) } }).catch(() => null));
    if (!this.isDisposed && this.name === name) {
      this._known = version?.options ?? NO_OPTIONS;
      this.announce();
    }
  }

  override dispose(): void {
    this.options.slipway.daemon.returned.disconnect(this.onReturned, this);
    this.proof.dispose();
    super.dispose();
  }

  private onReturned(): void {
    if (this._draft === null) {
      void this.load();
    }
  }

  /** @throws {Error} where somebody saved the pipeline since this version of it was opened */
  private async assertNewest(): Promise<void> {
    const { base, slipway } = this.options;
    const known = base && (await slipway.client.call(endpoints.pipelines.get, { params: { name: base.pipeline } }));
    if (known && known.latestVersion !== base!.version) {
      throw new Error(slipway.trans.__('The pipeline is at version %1 by now: somebody saved it meanwhile. Open it again to go on from there.', known.latestVersion));
    }
  }

  private firstEdits(): DraftEdits {
    const { base } = this.options;
    return base ? { grouping: groupingOf(base.steps), params: base.params.map(param => param.name), options: null } : { grouping: null, params: null, options: null };
  }

  private spec(): PipelineSpec {
    const { isScheduled, cron, timeZone } = this.schedule;
    const { base } = this.options;
    const { grouping, options } = this.edits;
    const schedule = isScheduled ? { cron, timeZone, isPaused: false } : null;
    return {
      name: this.name,
      notebookPath: this.options.notebookPath,
      notebook: this.notebook,
      ...(grouping && { grouping }),
      params: this.params,
      ...(options && { options }),
      // What a version is edited to keeps its values and its schedules.
      ...(base ? { sinks: base.cells.map(cell => cell.id), paramValues: this.ownValues(base) } : { schedule })
    };
  }

  /** Values a version has in place of its cells' own. */
  private ownValues(base: EditedPipeline): NonNullable<PipelineSpec['paramValues']> {
    const written = new Map((this._draft?.constants ?? []).map(constant => [constant.name, constant.value]));
    return Object.fromEntries(base.params.filter(({ name, value }) => this.isParam(name) && written.get(name) !== value).map(({ name, value }) => [name, value]));
  }

  private grouping(): StepGrouping {
    return this.edits.grouping ?? groupingOf(this._draft?.steps ?? []);
  }

  private cellOrder(): string[] {
    return (this._draft?.cells ?? []).map(cell => cell.id);
  }

  /** An edit of what the daemon need not look at. */
  private keep(change: Partial<DraftEdits>): void {
    this._refusal = null;
    this.history.push({ ...this.edits, ...change });
    this.proof.forget();
    this.announce();
  }

  /** @param became by the names there are and the new ones among them: what steps that are gone are now */
  private edit(change: (grouping: StepGrouping) => StepGrouping, became: (names: ReadonlySet<string>, made: string[]) => ReadonlyMap<string, readonly string[]> = () => new Map()): void {
    const current = this.grouping();
    const next = change(current);
    if (next !== current && JSON.stringify(next) !== JSON.stringify(current)) {
      const known = new Set(current.map(step => step.name));
      const names = next.map(step => step.name);
      const made = names.filter(name => !known.has(name));
      const options = carriedOptions(this.pipelineOptions, names, became(new Set(names), made));
      const isTold = JSON.stringify(options) !== JSON.stringify(this.pipelineOptions);
      this.history.push({ ...this.edits, grouping: next, ...(isTold && { options }) });
      void this.load({ takeBack: () => this.history.undo(), select: made });
    }
  }

  /** @param edit how to undo what the daemon refuses (a cycle names its steps), and the steps it made, which the user looks at next */
  private async load(edit?: { takeBack: () => void; select: string[] }): Promise<void> {
    this._isLoading = true;
    this.announce();
    await this.attempt(async () => {
      try {
        this._draft = await this.fetchDraft();
        this.selected = new Set(edit && edit.select.length > 0 ? edit.select : this.selected);
        this.keepSelection();
        this.proof.forget();
      } catch (error) {
        edit?.takeBack();
        throw error;
      } finally {
        this._isLoading = false;
      }
    });
  }

  private fetchDraft(): Promise<Draft> {
    if (this.options.draftOf) {
      return this.options.draftOf(this.edits);
    }
    const { grouping } = this.edits;
    const sinks = this.options.base?.cells.map(cell => cell.id);
    const body = { notebook: this.notebook, ...(grouping && { grouping }), ...(sinks && { sinks }) };
    return this.options.slipway.client.call(endpoints.pipelines.draft, { body });
  }

  private keepSelection(): void {
    const names = new Set([...(this._draft?.steps ?? []), ...this.pipelineOptions.humanSteps].map(step => step.name));
    this.selected = new Set([...this.selected].filter(name => names.has(name)));
  }

  private history: EditHistory<DraftEdits>;
  private notebook: Notebook;
  private learnt: string | null = null;
  private _known: PipelineOptions;
  private _draft: Draft | null = null;
  private _isLoading = false;
  private _refusal: Error | null = null;
}

function groupingOf(steps: readonly { name: string; cells: string[] }[]): StepGrouping {
  return steps.map(({ name, cells }) => ({ name, cells }));
}
