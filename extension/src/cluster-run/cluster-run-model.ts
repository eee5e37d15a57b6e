import { endpoints, type Draft, type Notebook, type PipelineRun } from '@slipway/schema';
import { AskingModel } from '../core/asking-model';
import { CommandIds } from '../core/command-ids';
import type { Loader } from '../core/loader';
import { isOver } from '../core/states';
import type { ISlipway } from '../core/tokens';
import { runLoader, type RunDetail } from '../pipelines/loaders';
import { readParams } from '../pipelines/params-form';
import { fieldsOf, readFields, withFields, type Fault, type StepFields } from '../pipelines/step-fields';
import { withoutOutputs } from './chosen-cells';

export interface ClusterRunOptions {
  slipway: ISlipway;
  notebookPath: string;
  /** The code cells wanted; null for the whole notebook. */
  cells: readonly string[] | null;
  /** The notebook as the editor holds it now, unsaved edits included. */
  notebook: () => Notebook;
  /** The run is over: said where the user is by then. */
  onEnded: (run: PipelineRun) => void;
}

/** A notebook, or cells of it, on the way to being a job: what it asks for, then how it goes. */
export class ClusterRunModel extends AskingModel {
  constructor(private readonly options: ClusterRunOptions) {
    super();
    options.slipway.daemon.returned.connect(this.onReturned, this);
    void this.read();
  }

  /** What the job asks for, as typed. */
  fields: StepFields = fieldsOf();
  /** Whose quota and share it counts against; empty: `default`. */
  project = '';
  /** Values as typed, by parameter. */
  texts: Record<string, string> = {};

  get notebookPath(): string {
    return this.options.notebookPath;
  }
  get cells(): readonly string[] | null {
    return this.options.cells;
  }
  /** What would run; null until the daemon has read the notebook. */
  get draft(): Draft | null {
    return this._draft;
  }
  get isStarting(): boolean {
    return this._isStarting;
  }
  /** The run that was started last, followed live. */
  get run(): Loader<RunDetail> | null {
    return this._run;
  }
  /** What of that cannot be read. */
  get faults(): Fault[] {
    return readFields(undefined, this.fields).faults;
  }
  /** Constants that differ from the cells' own, and what the job asks for; null while something typed cannot be read. */
  get ask() {
    const params = readParams(this._draft?.constants ?? [], this.texts);
    const step = withFields(undefined, this.fields);
    const project = this.project.trim();
    return params && step && { params, step, ...(project !== '' && { project }) };
  }

  set(change: Partial<Pick<this, 'fields' | 'project' | 'texts'>>): void {
    Object.assign(this, change);
    this.announce();
  }

  /** Takes the notebook as it is now. */
  async read(): Promise<void> {
    await this.attempt(async () => {
      const notebook = this.notebook();
      const sinks = this.options.cells ?? notebook.cells.flatMap((cell, index) => (cell.cell_type === 'code' ? [cell.id ?? `#${index}`] : []));
      this._draft = await this.options.slipway.client.call(endpoints.pipelines.draft, { body: { notebook, sinks: [...sinks] } });
    });
  }

  async start(): Promise<void> {
    const { ask } = this;
    if (!ask || this._isStarting) {
      return;
    }
    this._isStarting = true;
    this.announce();
    await this.attempt(async () => {
      const body = { notebookPath: this.notebookPath, notebook: this.notebook(), ...(this.cells && { cells: [...this.cells] }), ...ask };
      const run = await this.options.slipway.client.call(endpoints.notebookRuns.start, { body });
      this.follow(run.runId);
    });
    this._isStarting = false;
    this.announce();
  }

  override dispose(): void {
    this.options.slipway.daemon.returned.disconnect(this.onReturned, this);
    this._run?.dispose();
    super.dispose();
  }

  private notebook(): Notebook {
    return withoutOutputs(this.options.notebook());
  }

  private follow(runId: string): void {
    this._run?.dispose();
    const loader = runLoader(this.options.slipway, runId);
    this._run = loader;
    let isTold = false;
    loader.changed.connect(() => {
      const run = loader.value?.run;
      if (run && !isTold && isOver(run.status)) {
        isTold = true;
        this.options.onEnded(run);
        const step = run.steps.find(each => each.hasNotebook);
        if (step && run.status !== 'cancelled') {
          void this.options.slipway.commands.execute(CommandIds.openStepNotebook, { runId, step: step.name });
        }
      }
      this.announce();
    });
  }

  private onReturned(): void {
    if (this._draft === null) {
      void this.read();
    }
  }

  private _draft: Draft | null = null;
  private _run: Loader<RunDetail> | null = null;
  private _isStarting = false;
}
