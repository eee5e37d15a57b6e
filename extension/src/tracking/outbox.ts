import { endpoints, HookRecord } from '@slipway/schema';
import type { SlipwayClient } from '../core/client';
import { SlipwayError } from '../core/slipway-error';

const BATCH = 200;
const MOST = 5_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 10_000;

/** Where the outbox keeps what waits, over reloads of the page. */
export interface OutboxStorage {
  read(): string | null;
  write(text: string): void;
}

/**
 * Records that no spool file holds (kernels without the hook, or on other
 * machines), kept until the daemon has taken them. It stores each once.
 */
export class Outbox {
  constructor(
    private readonly client: Pick<SlipwayClient, 'call'>,
    private readonly storage: OutboxStorage
  ) {
    this.records = restored(storage.read());
  }

  get size(): number {
    return this.records.length;
  }

  add(records: readonly HookRecord[]): void {
    this.records = [...this.records, ...records].slice(-MOST);
    this.storage.write(JSON.stringify(this.records));
    if (this.timer === undefined) {
      void this.flush();
    }
  }

  /** Hands in what waits; what the daemon refuses for good is dropped, the rest is tried again later. */
  async flush(): Promise<void> {
    if (this.isFlushing || this.records.length === 0) {
      return;
    }
    this.isFlushing = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    try {
      while (this.records.length > 0) {
        const batch = this.records.slice(0, BATCH);
        await this.hand(batch);
        this.records = this.records.filter(record => !batch.includes(record));
        this.storage.write(JSON.stringify(this.records));
        this.delayMs = FIRST_RETRY_MS;
      }
    } catch {
      // Away or failing: nothing is lost, it is tried again, ever more seldom.
      this.timer = setTimeout(() => void this.flush(), this.delayMs);
      this.delayMs = Math.min(this.delayMs * 2, LAST_RETRY_MS);
    } finally {
      this.isFlushing = false;
    }
  }

  private async hand(records: HookRecord[]): Promise<void> {
    try {
      await this.client.call(endpoints.sessions.record, { body: { records } });
    } catch (error) {
      if (!(error instanceof SlipwayError && error.status >= 400 && error.status < 500 && !error.isAway)) {
        throw error;
      }
      console.error('Slipway: the daemon refused records', error);
    }
  }

  private records: HookRecord[];
  private isFlushing = false;
  private delayMs = FIRST_RETRY_MS;
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;
}

function restored(text: string | null): HookRecord[] {
  try {
    return HookRecord.array().parse(JSON.parse(text ?? '[]'));
  } catch {
    return []; // written by another version; nothing in it can be handed in
  }
}
