import { Signal, type ISignal } from '@lumino/signaling';
import { endpoints, type SystemStatus } from '@slipway/schema';
import type { SlipwayClient } from './client';
import type { News } from './news';

export type DaemonState = 'connecting' | 'up' | 'away';

/** Whether the daemon is there, and what it says about itself. */
export class Daemon {
  constructor(
    private readonly client: SlipwayClient,
    private readonly news: News
  ) {
    news.connection.connect((_, isUp) => void this.onConnection(isUp));
  }

  /** Emitted after `state` or `status` changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  /** Emitted when the daemon is there (again): what is shown may be stale. */
  get returned(): ISignal<this, void> {
    return this._returned;
  }
  get state(): DaemonState {
    return this._state;
  }
  get status(): SystemStatus | null {
    return this._status;
  }

  retry(): void {
    this.news.hurry();
  }

  private async onConnection(isUp: boolean): Promise<void> {
    const next: DaemonState = isUp ? 'up' : 'away';
    if (next === this._state) {
      return;
    }
    this._state = next;
    this._changed.emit();
    if (isUp) {
      this._returned.emit();
      this._status = await this.client.call(endpoints.system.status).catch(() => null);
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _returned = new Signal<this, void>(this);
  private _state: DaemonState = 'connecting';
  private _status: SystemStatus | null = null;
}
