import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { endpoints, type LogChunk, type SlipwayEvent } from '@slipway/schema';
import { Refresher } from '../core/refresher';
import type { ISlipway } from '../core/tokens';

const POLL_MS = 2_000;
/** What a page holds; the beginning is cut, the file has it all. */
const MOST_CHARACTERS = 2_000_000;

/** The log of a step, or of one item of a map, read on from where it ends until it is complete. */
export class LogModel implements IDisposable {
  constructor(
    private readonly slipway: ISlipway,
    private readonly runId: string,
    private readonly step: string,
    private readonly item: number | undefined
  ) {
    slipway.news.received.connect(this.onNews, this);
    slipway.daemon.returned.connect(this.poll, this);
    this.refresher.ask();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get text(): string {
    return this._text;
  }
  get isComplete(): boolean {
    return this._isComplete;
  }
  /** True where the step printed more than is kept. */
  get isCut(): boolean {
    return this._isCut;
  }
  get error(): Error | null {
    return this._error;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this.refresher.stop();
    this.slipway.news.received.disconnect(this.onNews, this);
    this.slipway.daemon.returned.disconnect(this.poll, this);
    clearTimeout(this.timer);
    Signal.clearData(this);
  }

  /** While the daemon is away nothing is asked: its return goes on here. */
  private poll(): void {
    if (!this._isDisposed && !this._isComplete && this.slipway.daemon.state !== 'away') {
      this.refresher.ask();
    }
  }

  private onNews(_: unknown, event: SlipwayEvent): void {
    if (event.subject === this.runId && !this._isComplete) {
      this.refresher.ask();
    }
  }

  private async readOn(): Promise<void> {
    try {
      while (!this._isDisposed && (await this.readChunk())) {
        this._changed.emit();
      }
      this._error = null;
    } catch (error) {
      this._error = error as Error;
    }
    if (!this._isDisposed) {
      this._changed.emit();
      if (!this._isComplete) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.poll(), POLL_MS);
      }
    }
  }

  /** True while there is more to read at once. */
  private async readChunk(): Promise<boolean> {
    const query = { offset: this.offset, ...(this.item !== undefined && { item: this.item }) };
    const chunk: LogChunk = await this.slipway.client.call(endpoints.pipelines.log, { params: { runId: this.runId, step: this.step }, query });
    const hasMore = chunk.nextOffset > this.offset;
    this._text = (this._text + chunk.text).slice(-MOST_CHARACTERS);
    this.offset = chunk.nextOffset;
    this._isComplete = chunk.isComplete && !hasMore;
    this._isCut = chunk.isCut;
    return hasMore;
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly refresher = new Refresher(() => this.readOn());
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;
  private offset = 0;
  private _text = '';
  private _isComplete = false;
  private _isCut = false;
  private _error: Error | null = null;
  private _isDisposed = false;
}
