import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { CellExecuted, HookRecord, SessionStarted } from '@slipway/schema';
import { NOTHING_SEEN } from './executions';

interface Sent {
  source: string;
  cellId: string | null;
  at: number;
}

export interface ForeignRecorderOptions {
  kernel: Kernel.IKernelConnection;
  language: string;
  notebookPath: string;
  newId?: () => string;
}

/**
 * Records the cells of a kernel the hook does not speak: source, time and
 * status, read off the messages that pass anyway. Adds no request of its own.
 */
export class ForeignRecorder implements IDisposable {
  constructor(private readonly options: ForeignRecorderOptions) {
    this.newId = options.newId ?? (() => crypto.randomUUID());
    this.sessionId = this.newId();
    options.kernel.anyMessage.connect(this.onMessage, this);
  }

  get recorded(): ISignal<this, HookRecord> {
    return this._recorded;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    if (this.seq > 0) {
      this._recorded.emit({ type: 'session_ended', ...this.base() });
    }
    this.options.kernel.anyMessage.disconnect(this.onMessage, this);
    Signal.clearData(this);
  }

  private onMessage(_: unknown, { msg, direction }: { msg: Readonly<KernelMessage.IMessage>; direction: 'send' | 'recv' }): void {
    if (direction === 'send' && msg.header.msg_type === 'execute_request') {
      const content = msg.content as KernelMessage.IExecuteRequestMsg['content'];
      if (!content.silent) {
        const cellId = msg.metadata.cellId;
        this.sent.set(msg.header.msg_id, { source: content.code, cellId: typeof cellId === 'string' ? cellId : null, at: Date.now() });
      }
    } else if (direction === 'recv' && msg.header.msg_type === 'execute_reply') {
      this.onReply(msg as KernelMessage.IExecuteReplyMsg);
    }
  }

  private onReply(msg: KernelMessage.IExecuteReplyMsg): void {
    const id = (msg.parent_header as { msg_id?: string }).msg_id ?? '';
    const sent = this.sent.get(id);
    this.sent.delete(id);
    if (!sent) {
      return;
    }
    if (this.seq === 0) {
      this._recorded.emit(this.started());
    }
    this._recorded.emit({ type: 'cell_executed', ...this.base(), ...executed(msg, sent, this.newId()) });
  }

  private started(): SessionStarted {
    const { kernel, language, notebookPath } = this.options;
    const cwd = notebookPath.slice(0, notebookPath.lastIndexOf('/')) || '/';
    const unknown = { pid: 0, python: null, tokenSha256: null, user: kernel.username || 'jupyter', host: location.hostname };
    return { type: 'session_started', ...this.base(), kernelId: kernel.id, language, notebookPath, cwd, ...unknown };
  }

  private base(): { sessionId: string; seq: number; at: string } {
    return { sessionId: this.sessionId, seq: this.seq++, at: new Date().toISOString() };
  }

  private readonly _recorded = new Signal<this, HookRecord>(this);
  private readonly sent = new Map<string, Sent>();
  private readonly sessionId: string;
  private readonly newId: () => string;
  private seq = 0;
  private _isDisposed = false;
}

/** The metadata's `started` is the kernel's own clock; without it the time in the queue counts too. */
function executed(msg: KernelMessage.IExecuteReplyMsg, sent: Sent, executionId: string): Omit<CellExecuted, 'type' | 'sessionId' | 'seq' | 'at'> {
  const { content } = msg;
  const started = typeof msg.metadata.started === 'string' ? Date.parse(msg.metadata.started) : sent.at;
  const failed = content.status === 'error' ? { name: content.ename, message: content.evalue, line: null } : null;
  return {
    executionId,
    cellId: sent.cellId,
    executionCount: content.execution_count ?? null,
    source: sent.source,
    status: content.status === 'ok' ? 'ok' : content.status === 'error' ? 'error' : 'aborted',
    error: failed,
    startedAt: new Date(Number.isNaN(started) ? sent.at : started).toISOString(),
    durationMs: Math.max(0, Date.now() - (Number.isNaN(started) ? sent.at : started)),
    ...NOTHING_SEEN
  };
}
