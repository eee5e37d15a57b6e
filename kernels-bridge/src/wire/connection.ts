import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';
import { decode, encode, type Message } from './message';

export type OutputListener = (message: Message) => void;
export interface ExecuteReply {
  status: 'ok' | 'error' | 'aborted';
  execution_count?: number;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}
interface Pending {
  onOutput: OutputListener | undefined;
  resolve: (reply: ExecuteReply) => void;
  reject: (error: Error) => void;
  reply?: ExecuteReply;
  isIdle: boolean;
}

const READY_MS = 30_000;
const PROBE_MS = 20;
/** The sockets of a kernel appear while it starts. */
const RECONNECT_MS = 5;

/** Writes the connection file of a kernel to come: unix sockets under `base`, which must be short. */
export function newConnectionFile(base: string): { file: string; key: string } {
  const key = randomBytes(16).toString('hex');
  const file = `${base}.json`;
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  writeFileSync(file, JSON.stringify({ transport: 'ipc', ip: base, ...ports, key, signature_scheme: 'hmac-sha256' }), { mode: 0o600 });
  return { file, key };
}

/** A client of one kernel over ZeroMQ: sends cells, hears their outputs in the kernel's order. */
export class KernelConnection {
  private readonly session = randomUUID();
  private readonly shell = new Dealer({ linger: 0, reconnectInterval: RECONNECT_MS });
  private readonly iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0, reconnectInterval: RECONNECT_MS });
  private readonly pending = new Map<string, Pending>();

  constructor(
    base: string,
    private readonly key: string
  ) {
    this.iopub.subscribe('');
    this.shell.connect(`ipc://${base}-1`);
    this.iopub.connect(`ipc://${base}-2`);
    void this.pump(this.shell, true);
    void this.pump(this.iopub, false);
  }

  /** Waits until the kernel answers and its outputs reach us. @throws after 30 s, or when `signal` aborts */
  async ready(signal: AbortSignal): Promise<void> {
    const until = Date.now() + READY_MS;
    while (Date.now() < until) {
      signal.throwIfAborted();
      const probe = this.request('kernel_info_request', {});
      if (await Promise.race([probe.then(() => true), sleep(PROBE_MS, false)])) {
        return;
      }
    }
    throw new Error(`The kernel did not answer within ${READY_MS / 1000} s.`);
  }

  /** Runs code and waits until the kernel is idle again, so that late output is heard too. */
  execute(code: string, options: { cellId?: string; isSilent?: boolean; onOutput?: OutputListener } = {}): Promise<ExecuteReply> {
    const isSilent = options.isSilent ?? false;
    const content = { code, silent: isSilent, store_history: !isSilent, user_expressions: {}, allow_stdin: false, stop_on_error: false };
    return this.request('execute_request', content, options.cellId === undefined ? {} : { cellId: options.cellId }, options.onOutput);
  }

  close(): void {
    this.pending.clear();
    this.shell.close();
    this.iopub.close();
  }

  private request(type: string, content: object, metadata: object = {}, onOutput?: OutputListener): Promise<ExecuteReply> {
    const { id, frames } = encode(this.key, this.session, type, content, metadata);
    return new Promise((resolve, reject) => {
      this.pending.set(id, { onOutput, resolve, reject, isIdle: false });
      this.shell.send(frames).catch(reject);
    });
  }

  private async pump(socket: Dealer | Subscriber, isShell: boolean): Promise<void> {
    try {
      for await (const frames of socket) {
        this.hearSafely(frames as Buffer[], isShell);
      }
    } catch (error) {
      const lost = new Error('The connection to the kernel was lost.', { cause: error });
      this.pending.forEach(pending => pending.reject(lost));
    }
  }

  /** The user's code may send what it likes over these sockets: a message that is none of the protocol's is dropped. */
  private hearSafely(frames: Buffer[], isShell: boolean): void {
    try {
      this.hear(decode(this.key, frames), isShell);
    } catch {
      // not a message of the kernel's
    }
  }

  private hear(message: Message, isShell: boolean): void {
    const id = message.parent.msg_id;
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (!pending) {
      return;
    }
    if (isShell) {
      pending.reply = message.content as unknown as ExecuteReply;
    } else if (message.header.msg_type === 'status') {
      pending.isIdle ||= message.content.execution_state === 'idle';
    } else {
      pending.onOutput?.(message);
    }
    if (pending.reply && pending.isIdle) {
      this.pending.delete(id!);
      pending.resolve(pending.reply);
    }
  }
}
