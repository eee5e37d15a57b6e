import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { endpoints, type Draft, type Notebook, type PipelineSpec, type StepGrouping } from '@slipway/schema';
import type { ISlipway } from '../core/tokens';
import { EditHistory } from './edit-history';
import { mergeSteps, renameStep, splitStep } from './grouping';
import { ProofModel } from './proof-model';

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
}

/** A notebook on its way to a pipeline: the draft, the user's edits to it, its proof. */
export class ProductionizeModel implements IDisposable {
  constructor(private readonly options: ProductionizeOptions) {
    this.proof = new ProofModel(options.slipway);
    this.proof.changed.connect(() => this._changed.emit());
    this.notebook = options.notebook();
    options.slipway.daemon.returned.connect(this.onReturned, this);
    void this.load();
  }

  readonly proof: ProofModel;
  /** Steps chosen in the graph, by name. */
  selected: ReadonlySet<string> = new Set();
  name = '';
  schedule: ScheduleChoice = { isScheduled: false, cron: '0 6 * * *', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };

  /** Emitted after anything shown changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get notebookPath(): string {
    return this.options.notebookPath;
  }
  get draft(): Draft | null {
    return this._draft;
  }
  /** Why the last edit or the draft was refused: a cycle names its steps. */
  get error(): Error | null {
    return this._error;
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
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Changes fields that need no word from the daemon. */
  set(change: Partial<Pick<this, 'selected' | 'name' | 'schedule'>>): void {
    Object.assign(this, change);
    this._changed.emit();
  }

  isParam(name: string): boolean {
    return !this.notParams.has(name);
  }

  setParam(name: string, isParam: boolean): void {
    isParam ? this.notParams.delete(name) : this.notParams.add(name);
    this.proof.forget();
    this._changed.emit();
  }

  merge(): void {
    const order = (this._draft?.cells ?? []).map(cell => cell.id);
    this.edit(grouping => mergeSteps(grouping, this.selected, order));
  }

  split(cellId: string): void {
    this.edit(grouping => splitStep(grouping, cellId));
  }

  rename(from: string, to: string): void {
    this.edit(grouping => renameStep(grouping, from, to));
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
    this.history = new EditHistory<StepGrouping | null>(null);
    this.proof.forget();
    void this.load();
  }

  check(): Promise<void> {
    this.notebook = this.options.notebook();
    return this.proof.start(this.spec());
  }

  dispose(): void {
    this._isDisposed = true;
    this.options.slipway.daemon.returned.disconnect(this.onReturned, this);
    this.proof.dispose();
    Signal.clearData(this);
  }

  private onReturned(): void {
    if (this._draft === null) {
      void this.load();
    }
  }

  private spec(): PipelineSpec {
    const { isScheduled, cron, timeZone } = this.schedule;
    return {
      name: this.name,
      notebookPath: this.options.notebookPath,
      notebook: this.notebook,
      ...(this.history.present && { grouping: this.history.present }),
      params: (this._draft?.constants ?? []).map(constant => constant.name).filter(name => this.isParam(name)),
      schedule: isScheduled ? { cron, timeZone, isPaused: false } : null
    };
  }

  private edit(change: (grouping: StepGrouping) => StepGrouping): void {
    const current = this.history.present ?? (this._draft?.steps ?? []).map(({ name, cells }) => ({ name, cells }));
    const next = change(current);
    if (next !== current && JSON.stringify(next) !== JSON.stringify(current)) {
      this.history.push(next);
      const known = new Set(current.map(step => step.name));
      const made = next.map(step => step.name).filter(name => !known.has(name));
      void this.load({ takeBack: () => this.history.undo(), select: made });
    }
  }

  /** @param edit how to undo what the daemon refuses, and the steps it made, which the user looks at next */
  private async load(edit?: { takeBack: () => void; select: string[] }): Promise<void> {
    this._isLoading = true;
    this._changed.emit();
    const grouping = this.history.present;
    try {
      const body = { notebook: this.notebook, ...(grouping && { grouping }) };
      this._draft = await this.options.slipway.client.call(endpoints.pipelines.draft, { body });
      this._error = null;
      this.selected = new Set(edit && edit.select.length > 0 ? edit.select : this.selected);
      this.keepSelection();
      this.proof.forget();
    } catch (error) {
      edit?.takeBack();
      this._error = error as Error;
    }
    this._isLoading = false;
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private keepSelection(): void {
    const names = new Set((this._draft?.steps ?? []).map(step => step.name));
    this.selected = new Set([...this.selected].filter(name => names.has(name)));
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly notParams = new Set<string>();
  private history = new EditHistory<StepGrouping | null>(null);
  private notebook: Notebook;
  private _draft: Draft | null = null;
  private _error: Error | null = null;
  private _isLoading = false;
  private _isDisposed = false;
}
