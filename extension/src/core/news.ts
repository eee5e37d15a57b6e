import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { SlipwayEvent } from '@slipway/schema';
import type { SlipwayClient } from './client';
import { SseParser } from './sse-parser';

/** The daemon sends a heartbeat every 15 s; a stream silent for longer is dead. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;

/**
 * The daemon's events, kept flowing: reconnects for ever, resumes after the
 * last event seen, and tells whether the daemon is there at all.
 */
export class News implements IDisposable {
  constructor(private readonly client: SlipwayClient) {}

  get received(): ISignal<this, SlipwayEvent> {
    return this._received;
  }
  /** Emitted with true when a stream opened, with false when it could not or broke. */
  get connection(): ISignal<this, boolean> {
    return this._connection;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  start(): void {
    void this.keepListening();
  }

  /** Tries again now instead of at the next turn. */
  hurry(): void {
    this.wake?.();
  }

  dispose(): void {
    this._isDisposed = true;
    this.abort?.abort();
    this.wake?.();
    Signal.clearData(this);
  }

  private async keepListening(): Promise<void> {
    let delay = FIRST_RETRY_MS;
    while (!this._isDisposed) {
      const opened = await this.listen().catch(() => false);
      delay = opened ? FIRST_RETRY_MS : Math.min(delay * 2, LAST_RETRY_MS);
      if (!this._isDisposed) {
        this._connection.emit(false);
        await this.pause(delay);
      }
    }
  }

  /** Reads one stream to its end; true where it had opened. */
  private async listen(): Promise<boolean> {
    const abort = new AbortController();
    this.abort = abort;
    let watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
    let isOpen = false;
    try {
      const reader = (await this.client.openEvents(this.lastEventId, abort.signal)).getReader();
      const parser = new SseParser();
      const decoder = new TextDecoder();
      for (let next = await reader.read(); !next.done && !this._isDisposed; next = await reader.read()) {
        if (!isOpen) {
          isOpen = true;
          this._connection.emit(true);
        }
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
        parser.push(decoder.decode(next.value, { stream: true })).forEach(event => this.take(event.data));
      }
    } catch {
      return isOpen; // a broken stream is the normal end of one
    } finally {
      clearTimeout(watchdog);
    }
    return isOpen;
  }

  private take(data: string): void {
    const event = SlipwayEvent.safeParse(JSON.parse(data)).data;
    if (event) {
      this.lastEventId = event.id;
      this._received.emit(event);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private readonly _received = new Signal<this, SlipwayEvent>(this);
  private readonly _connection = new Signal<this, boolean>(this);
  private lastEventId: string | null = null;
  private abort: AbortController | null = null;
  private wake: (() => void) | null = null;
  private _isDisposed = false;
}
