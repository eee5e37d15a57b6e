import type { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';
import { endpoints } from '@slipway/schema';
import type { SlipwayClient } from '../core/client';

export const RUNS_DRIVE = 'SlipwayRuns';

/** The drive's path of the executed notebook of a step, or of one item of a map. */
export function stepNotebookPath(runId: string, step: string, item?: number): string {
  return `${RUNS_DRIVE}:${runId}/${encodeURIComponent(step)}${item === undefined ? '' : `/${item}`}.ipynb`;
}

/**
 * Executed notebooks as files of a drive of their own: JupyterLab opens them
 * like any other, and nothing is written into the user's folders. Read-only.
 */
export class RunsDrive implements Contents.IDrive {
  constructor(
    private readonly client: SlipwayClient,
    readonly serverSettings: ServerConnection.ISettings
  ) {}

  readonly name = RUNS_DRIVE;

  get fileChanged(): ISignal<this, Contents.IChangedArgs> {
    return this._fileChanged;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  async get(localPath: string): Promise<Contents.IModel> {
    const [, runId, step, index] = /^([^/]+)\/([^/]+?)(?:\/(\d+))?\.ipynb$/.exec(localPath) ?? [];
    if (runId === undefined || step === undefined) {
      return { ...describe(localPath, 'directory'), content: [], format: 'json' };
    }
    const params = { runId, step: decodeURIComponent(step) };
    const content = await (index === undefined ? this.client.call(endpoints.pipelines.notebook, { params }) : this.client.call(endpoints.orchestration.itemNotebook, { params: { ...params, index } }));
    return { ...describe(localPath, 'notebook'), content, format: 'json' };
  }

  getDownloadUrl(): Promise<string> {
    return Promise.reject(readOnly());
  }
  newUntitled(): Promise<Contents.IModel> {
    return Promise.reject(readOnly());
  }
  delete(): Promise<void> {
    return Promise.reject(readOnly());
  }
  rename(): Promise<Contents.IModel> {
    return Promise.reject(readOnly());
  }
  save(): Promise<Contents.IModel> {
    return Promise.reject(readOnly());
  }
  copy(): Promise<Contents.IModel> {
    return Promise.reject(readOnly());
  }
  createCheckpoint(): Promise<Contents.ICheckpointModel> {
    return Promise.reject(readOnly());
  }
  listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return Promise.resolve([]);
  }
  restoreCheckpoint(): Promise<void> {
    return Promise.reject(readOnly());
  }
  deleteCheckpoint(): Promise<void> {
    return Promise.reject(readOnly());
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private readonly _fileChanged = new Signal<this, Contents.IChangedArgs>(this);
  private _isDisposed = false;
}

function describe(localPath: string, type: 'directory' | 'notebook'): Omit<Contents.IModel, 'content' | 'format'> {
  const name = decodeURIComponent(localPath.slice(localPath.lastIndexOf('/') + 1));
  const epoch = new Date(0).toISOString();
  return { name, path: localPath, type, writable: false, created: epoch, last_modified: epoch, mimetype: '' };
}

function readOnly(): Error {
  return new Error('This is what a step did; it cannot be changed. Copy its cells to a notebook of your own.');
}
