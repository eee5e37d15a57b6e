import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import { HookRecord } from '@slipway/schema';

const TARGET = 'slipway';
const ANEW = new Set(['restarting', 'autorestarting', 'starting', 'dead']);
/** A kernel that was restarted says `starting` and no more until somebody speaks to it. */
const THERE = new Set(['starting', 'idle', 'busy']);

export interface KernelLinkOptions {
  context: ISessionContext;
  notebookPath: () => string;
  /** The text that loads the hook into a kernel without it. */
  hookSource: () => Promise<string>;
}

/**
 * The comm to the hook in a notebook's kernel. Looks after every start and
 * restart whether the hook is there, and loads it silently where it is not:
 * a comm to a target nobody registered is closed by the kernel at once.
 */
export class KernelLink implements IDisposable {
  constructor(private readonly options: KernelLinkOptions) {
    options.context.kernelChanged.connect(this.onKernelChanged, this);
    options.context.statusChanged.connect(this.onStatus, this);
    void this.connect();
  }

  /** Records of the hook, as they come; some come twice. */
  get received(): ISignal<this, HookRecord> {
    return this._received;
  }
  /** Emitted with the kernel where its language is not one the hook speaks. */
  get foreignKernel(): ISignal<this, Kernel.IKernelConnection> {
    return this._foreignKernel;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this.drop();
    Signal.clearData(this);
  }

  private onKernelChanged(): void {
    this.drop();
    void this.connect();
  }

  private onStatus(_: ISessionContext, status: Kernel.Status): void {
    if (ANEW.has(status)) {
      this.drop();
    }
    if (THERE.has(status)) {
      void this.connect();
    }
  }

  /** A restart ends comms without a word: the old one must not be spoken to. */
  private drop(): void {
    this.comm = null;
    this.linkedKernel = null;
    this.mayInject = true;
  }

  private async connect(): Promise<void> {
    const kernel = this.options.context.session?.kernel;
    if (!kernel || kernel.isDisposed || this.linkedKernel === kernel) {
      return;
    }
    this.linkedKernel = kernel;
    const info = await kernel.info.catch(() => null);
    if (this.linkedKernel !== kernel || this._isDisposed || !info) {
      return;
    }
    if (info.language_info.name === 'python') {
      this.open(kernel);
    } else {
      this._foreignKernel.emit(kernel);
    }
  }

  private open(kernel: Kernel.IKernelConnection): void {
    if (!kernel.handleComms) {
      return; // another connection of this page to the kernel has the comms
    }
    const comm = kernel.createComm(TARGET);
    this.comm = comm;
    comm.onMsg = message => {
      const record = HookRecord.safeParse(message.content.data).data;
      if (record && this.comm === comm) {
        this.take(comm, record);
      }
    };
    comm.onClose = () => {
      if (this.comm === comm && this.mayInject) {
        this.mayInject = false;
        void this.inject(kernel);
      }
    };
    comm.open({});
  }

  private take(comm: Kernel.IComm, record: HookRecord): void {
    this.mayInject = false;
    if (record.type === 'session_started' && record.notebookPath === null) {
      comm.send({ notebookPath: this.options.notebookPath() });
    }
    this._received.emit(record);
  }

  private async inject(kernel: Kernel.IKernelConnection): Promise<void> {
    const code = await this.options.hookSource();
    if (this.linkedKernel !== kernel || kernel.isDisposed) {
      return;
    }
    const future = kernel.requestExecute({ code, silent: true, store_history: false, stop_on_error: false, allow_stdin: false });
    const reply = await future.done.catch(() => null);
    if (reply?.content.status === 'ok' && this.linkedKernel === kernel && !kernel.isDisposed) {
      this.open(kernel);
    }
  }

  private readonly _received = new Signal<this, HookRecord>(this);
  private readonly _foreignKernel = new Signal<this, Kernel.IKernelConnection>(this);
  private comm: Kernel.IComm | null = null;
  private linkedKernel: Kernel.IKernelConnection | null = null;
  private mayInject = true;
  private _isDisposed = false;
}
