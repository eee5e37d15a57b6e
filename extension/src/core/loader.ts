import { AskingModel } from './asking-model';
import { Refresher } from './refresher';

/** A value fetched from the daemon and kept fresh; a failed refresh keeps the old value and says why. */
export class Loader<T> extends AskingModel {
  constructor(private readonly fetch: () => Promise<T>) {
    super();
  }

  get value(): T | null {
    return this._value;
  }

  refresh(): void {
    this.refresher.ask();
  }

  /** Takes a value a command answered with, without asking again. */
  put(value: T): void {
    this._value = value;
    this.clearError();
    this.announce();
  }

  override dispose(): void {
    this.refresher.stop();
    super.dispose();
  }

  private load(): Promise<void> {
    return this.attempt(async () => {
      this._value = await this.fetch();
    });
  }

  private readonly refresher = new Refresher(() => this.load());
  private _value: T | null = null;
}
