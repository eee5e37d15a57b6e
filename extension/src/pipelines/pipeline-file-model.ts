import { PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import { endpoints, type AppliedPipelineFiles, type ApplyPipelineFiles, type Draft, type PipelineFilesDraft, type PipelineSourceFile } from '@slipway/schema';
import { AskingModel } from '../core/asking-model';
import { absolutePath } from '../core/paths';
import type { ISlipway } from '../core/tokens';
import { NO_OPTIONS } from './options-edits';
import { ProductionizeModel, type DraftEdits, type EditedPipeline } from './productionize-model';
import type { VersionShape } from './version-changes';

/** A text that is being typed is read once nothing more came for so long. */
const QUIET_MS = 400;

export interface PipelineFileOptions {
  slipway: ISlipway;
  context: DocumentRegistry.Context;
  contents: Contents.IManager;
}

/**
 * A `NAME.pipeline.yaml` that is open: its text is the truth. Edits of the
 * graph are written into it by the daemon; a text that others change (an editor
 * beside, a git checkout) is read anew.
 */
export class PipelineFileModel extends AskingModel {
  constructor(private readonly options: PipelineFileOptions) {
    super();
    void options.context.ready.then(() => this.begin());
  }

  /** null while the text is read, or says no pipeline. */
  get editor(): ProductionizeModel | null {
    return this._editor;
  }
  /** The file as it was read last. */
  get file(): PipelineFilesDraft | null {
    return this._file;
  }
  /** Whether its steps are cells, which can be cut and joined. */
  get mayRegroup(): boolean {
    return this._file !== null && !this._file.draft.steps.some(step => step.cells.some(id => id.startsWith(`${step.name}/`)));
  }
  /** What the file on disk says, as far as it is edited. */
  get saved(): VersionShape {
    return this._saved;
  }
  get isSaved(): boolean {
    return !this.context.model.dirty;
  }
  get applied(): AppliedPipelineFiles | null {
    return this._applied;
  }

  async save(): Promise<void> {
    await this.context.save();
  }

  /** Makes the files what Slipway runs; what is not saved is saved first. */
  async apply(): Promise<void> {
    if (!this.isSaved) {
      await this.save();
    }
    const body = await this.bodyOf(this.context.model.toString());
    this._applied = await this.options.slipway.client.call(endpoints.pipelineFiles.apply, { body });
    this.announce();
  }

  override dispose(): void {
    clearTimeout(this.timer);
    this._editor?.dispose();
    super.dispose();
  }

  private get context(): DocumentRegistry.Context {
    return this.options.context;
  }

  private begin(): void {
    if (this.isDisposed) {
      return;
    }
    this.context.model.contentChanged.connect(this.onText, this);
    this.context.model.stateChanged.connect(() => this.announce(), this);
    this.context.saveState.connect((_context, state) => state === 'completed' && this.onSaved(), this);
    this.options.contents.fileChanged.connect((_contents, { type, newValue }) => type === 'save' && this.named.has(newValue?.path ?? '') && void this.read(), this);
    this.options.slipway.daemon.returned.connect(() => this._editor === null && void this.read(), this);
    void this.read();
  }

  private onText(): void {
    if (this.context.model.toString() !== this.ownText) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.read(), QUIET_MS);
    }
  }

  private onSaved(): void {
    this.savedText = this.context.model.toString();
    if (this._editor?.draft) {
      this._saved = this._editor.shape;
      this.announce();
    }
  }

  /** Takes the text as it is now; what was edited before cannot be undone any more. */
  private async read(): Promise<void> {
    const text = this.context.model.toString();
    await this.attempt(async () => {
      const body = await this.bodyOf(text);
      const file = await this.options.slipway.client.call(endpoints.pipelineFiles.draft, { body });
      if (!this.isDisposed && this.context.model.toString() === text) {
        this.show(file, body);
      }
    });
    if (this.error && !this.isDisposed) {
      this._editor?.dispose();
      this._editor = null;
      this.announce();
    }
  }

  private show(file: PipelineFilesDraft, body: ApplyPipelineFiles): void {
    const { slipway } = this.options;
    const isFirst = this.savedText === null || this.isSaved;
    this._file = file;
    this.ownText = file.text;
    this._editor?.dispose();
    const base: EditedPipeline = {
      pipeline: file.pipeline,
      steps: file.draft.steps,
      cells: file.draft.cells.map(({ id, source }) => ({ id, source })),
      params: file.draft.constants.filter(constant => file.params.includes(constant.name)),
      options: file.options
    };
    const notebook = { nbformat: 4 as const, nbformat_minor: 5, metadata: {}, cells: [] };
    const editor = new ProductionizeModel({ slipway, notebookPath: file.notebookPath, notebook: () => notebook, base, draftOf: edits => this.write(edits, file, body) });
    editor.changed.connect(() => this.onEdit(editor, file, body), this);
    this._editor = editor;
    this.written = editor.edits;
    if (isFirst) {
      this.savedText = file.text;
      this._saved = { grouping: file.draft.steps.map(({ name, cells }) => ({ name, cells })), params: file.params, options: { ...NO_OPTIONS, ...file.options } };
    }
  }

  /** Options are edits that the editor tells nobody of: here they are text too. */
  private onEdit(editor: ProductionizeModel, file: PipelineFilesDraft, body: ApplyPipelineFiles): void {
    if (editor === this._editor && !editor.isLoading && editor.edits !== this.written) {
      void this.attempt(async () => void (await this.write(editor.edits, file, body)));
    } else {
      this.announce();
    }
  }

  /** Puts the edits into the text, as it was before all of them. */
  private async write(edits: DraftEdits, file: PipelineFilesDraft, { folder, files }: ApplyPipelineFiles): Promise<Draft> {
    this.written = edits;
    const told = { ...(edits.options && { options: edits.options }), ...(this.mayRegroup && edits.grouping && { grouping: edits.grouping }), ...(this.mayRegroup && edits.params && { params: [...edits.params] }) };
    const made = await this.options.slipway.client.call(endpoints.pipelineFiles.draft, { body: { folder, files, edits: told } });
    this.clearError();
    if (edits === this.written && !this.isDisposed && file === this._file && made.text !== this.ownText) {
      this.ownText = made.text;
      this.context.model.fromString(made.text);
      this.context.model.dirty = made.text !== this.savedText; // setting a text does not tell
    }
    return made.draft;
  }

  /** The text with the files it names, as JupyterLab has them. */
  private async bodyOf(text: string): Promise<ApplyPipelineFiles> {
    const { context, slipway } = this.options;
    const yaml = { path: PathExt.basename(context.path), text };
    const needed = await slipway.client.call(endpoints.pipelineFiles.needed, { body: yaml });
    const paths = [...(needed.script === null ? [] : [needed.script]), ...needed.notebooks];
    this.named = new Set(paths.map(path => PathExt.join(PathExt.dirname(context.path), path)));
    const others = await Promise.all(paths.map(path => this.fileAt(path)));
    return { folder: absolutePath(PathExt.dirname(context.path)), files: [yaml, ...others.flat()] };
  }

  /** Nothing where it is not there: the daemon says which is missing, and where it is named. */
  private async fileAt(path: string): Promise<PipelineSourceFile[]> {
    const local = PathExt.join(PathExt.dirname(this.context.path), path);
    try {
      const isNotebook = path.endsWith('.ipynb');
      const { content } = await this.options.contents.get(local, isNotebook ? { type: 'notebook', content: true } : { type: 'file', format: 'text', content: true });
      return [{ path, text: isNotebook ? JSON.stringify(content, (key, value: unknown) => (key === 'outputs' || key === 'attachments' ? undefined : value)) : String(content) }];
    } catch {
      return [];
    }
  }

  private _editor: ProductionizeModel | null = null;
  private _file: PipelineFilesDraft | null = null;
  private _saved: VersionShape = { grouping: [], params: [], options: NO_OPTIONS };
  private _applied: AppliedPipelineFiles | null = null;
  /** Of the text: the last that was read or written here. */
  private ownText: string | null = null;
  /** The script and the notebooks it names: they decide what it says too. */
  private named: ReadonlySet<string> = new Set();
  private savedText: string | null = null;
  private written: DraftEdits | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
}
