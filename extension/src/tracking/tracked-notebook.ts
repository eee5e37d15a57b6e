import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { HookRecord } from '@slipway/schema';
import { absolutePath } from '../core/paths';
import type { ISlipway } from '../core/tokens';
import { ForeignRecorder } from './foreign-recorder';
import { hookSource } from './hook-source';
import { KernelLink } from './kernel-link';
import type { Outbox } from './outbox';
import { SessionModel } from './session-model';

/** What Slipway has on one open notebook: the link to its kernel and the model of its sessions. */
export class TrackedNotebook implements IDisposable {
  constructor(
    readonly panel: NotebookPanel,
    slipway: ISlipway,
    private readonly outbox: Outbox
  ) {
    const notebookPath = (): string => absolutePath(panel.context.path);
    this.model = new SessionModel({
      slipway,
      notebookPath,
      kernelId: () => panel.sessionContext.session?.kernel?.id ?? null,
      onUnconfirmed: records => outbox.add(records)
    });
    this.link = new KernelLink({ context: panel.sessionContext, notebookPath, hookSource });
    this.link.received.connect((_, record) => this.model.take(record));
    this.link.foreignKernel.connect((_, kernel) => void this.recordForeign(kernel, notebookPath()));
    panel.sessionContext.kernelChanged.connect(() => {
      this.endForeign();
      this.model.refresh();
    });
    panel.sessionContext.statusChanged.connect((_, status) => {
      if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
        this.endForeign();
      }
    });
    panel.disposed.connect(() => this.dispose());
  }

  readonly model: SessionModel;

  get isDisposed(): boolean {
    return this.model.isDisposed;
  }

  dispose(): void {
    this.endForeign();
    this.link.dispose();
    this.model.dispose();
  }

  private async recordForeign(kernel: Kernel.IKernelConnection, notebookPath: string): Promise<void> {
    this.endForeign();
    const info = await kernel.info;
    const recorder = new ForeignRecorder({ kernel, language: info.language_info.name, notebookPath });
    this.foreign = recorder;
    recorder.recorded.connect((_: unknown, record: HookRecord) => {
      this.model.take(record);
      this.outbox.add([record]);
    });
  }

  private endForeign(): void {
    this.foreign?.dispose();
    this.foreign = null;
  }

  private readonly link: KernelLink;
  private foreign: ForeignRecorder | null = null;
}
