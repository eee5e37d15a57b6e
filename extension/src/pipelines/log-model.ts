import { endpoints, type LogChunk, type SlipwayEvent } from '@slipway/schema';
import { AskingModel } from '../core/asking-model';
import { Refresher } from '../core/refresher';
import type { ISlipway } from '../core/tokens';

const POLL_MS = 2_000;
/** What a page holds; the beginning is cut, the file has it all. */
const MOST_CHARACTERS = 2_000_000;

/** The log of a step, or of one item of a map, read on from where it ends until it is complete. */
export class LogModel extends AskingModel {
  constructor(
    private readonly slipway: ISlipway,
    private readonly runId: string,
    private readonly step: string,
    private readonly item: number | undefined
  ) {
    super();
    slipway.news.received.connect(this.onNews, this);
    slipway.daemon.returned.connect(this.poll, this);
    this.refresher.ask();
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

  override dispose(): void {
    this.refresher.stop();
    this.slipway.news.received.disconnect(this.onNews, this);
    this.slipway.daemon.returned.disconnect(this.poll, this);
    clearTimeout(this.timer);
    super.dispose();
  }

  /** While the daemon is away nothing is asked: its return goes on here. */
  private poll(): void {
    if (!this.isDisposed && !this._isComplete && this.slipway.daemon.state !== 'away') {
      this.refresher.ask();
    }
  }

  private onNews(_: unknown, event: SlipwayEvent): void {
    if (event.subject === this.runId && !this._isComplete) {
      this.refresher.ask();
    }
  }

  private async readOn(): Promise<void> {
    await this.attempt(async () => {
      while (!this.isDisposed && (await this.readChunk())) {
        this.announce();
      }
    });
    if (!this.isDisposed && !this._isComplete) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.poll(), POLL_MS);
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

  private readonly refresher = new Refresher(() => this.readOn());
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;
  private offset = 0;
  private _text = '';
  private _isComplete = false;
  private _isCut = false;
}
