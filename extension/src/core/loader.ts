import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { Refresher } from './refresher';

/** A value fetched from the daemon and kept fresh; a failed refresh keeps the old value and says why. */
export class Loader<T> implements IDisposable {
  constructor(private readonly fetch: () => Promise<T>) {}

  /** Emitted after `value` or `error` changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get value(): T | null {
    return this._value;
  }
  get error(): Error | null {
    return this._error;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  refresh(): void {
    this.refresher.ask();
  }

  /** Takes a value a command answered with, without asking again. */
  put(value: T): void {
    this._value = value;
    this._error = null;
    this._changed.emit();
  }

  dispose(): void {
    this._isDisposed = true;
    this.refresher.stop();
    Signal.clearData(this);
  }

  private async load(): Promise<void> {
    try {
      this._value = await this.fetch();
      this._error = null;
    } catch (error) {
      this._error = error instanceof Error ? error : new Error(String(error));
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly refresher = new Refresher(() => this.load());
  private _value: T | null = null;
  private _error: Error | null = null;
  private _isDisposed = false;
}
