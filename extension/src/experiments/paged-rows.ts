import { AskingModel } from '../core/asking-model';
import { Refresher } from '../core/refresher';

const PAGE = 100;
/** Pages kept on either side of what is seen. */
const KEPT = 10;
const GAP_MS = 40;

export interface Stretch<T> {
  items: T[];
  total: number;
}

/**
 * A long list of which only the stretch that is seen is fetched. A refresh, or
 * another question, keeps showing what is there until the answer comes.
 */
export class PagedRows<T> extends AskingModel {
  constructor(private readonly fetch: (offset: number, limit: number) => Promise<Stretch<T>>) {
    super();
  }

  /** null until the first answer. */
  get total(): number | null {
    return this._total;
  }

  at(index: number): T | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.items[index % PAGE];
  }

  /** The first row at hand that passes; rows that were not fetched are not looked at. */
  find(isIt: (row: T) => boolean): T | undefined {
    for (const { items } of this.pages.values()) {
      const found = items.find(isIt);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  /** Says which rows are seen; what is missing of them is fetched. */
  show(first: number, last: number): void {
    this.first = Math.floor(Math.max(0, first) / PAGE);
    this.last = Math.floor(Math.max(0, last) / PAGE);
    if (this.missing() !== undefined) {
      this.refresher.ask();
    }
  }

  /** The same question again. */
  refresh(): void {
    this.version++;
    this.refresher.ask();
  }

  /** Another question: the pages that are there answer the old one. */
  reset(): void {
    this.question++;
    this.refresh();
  }

  /** Forgets all: what comes next has nothing to do with it. */
  clear(): void {
    this.question++;
    this.version++;
    this.pages.clear();
    this._total = null;
    this.clearError();
    this.announce();
  }

  override dispose(): void {
    this.refresher.stop();
    super.dispose();
  }

  private missing(): number | undefined {
    for (let page = this.first; page <= this.last; page++) {
      const isBeyond = page > 0 && this._total !== null && page * PAGE >= this._total;
      if (!isBeyond && this.pages.get(page)?.version !== this.version) {
        return page;
      }
    }
    return undefined;
  }

  private load(): Promise<void> {
    return this.attempt(async () => {
      for (let page = this.missing(); page !== undefined && !this.isDisposed; page = this.missing()) {
        const { version, question } = this;
        const { items, total } = await this.fetch(page * PAGE, PAGE);
        if (question === this.question) {
          this.take(page, { items, version, question }, total);
        }
      }
    });
  }

  private take(page: number, stretch: { items: T[]; version: number; question: number }, total: number): void {
    for (const [index, known] of this.pages) {
      if (known.question !== stretch.question || index < this.first - KEPT || index > this.last + KEPT) {
        this.pages.delete(index);
      }
    }
    this.pages.set(page, stretch);
    this._total = total;
    this.clearError();
    this.announce();
  }

  private readonly refresher = new Refresher(() => this.load(), GAP_MS);
  private readonly pages = new Map<number, { items: T[]; version: number; question: number }>();
  private first = 0;
  private last = 0;
  private version = 0;
  private question = 0;
  private _total: number | null = null;
}
