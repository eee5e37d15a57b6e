import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import { errorOf } from './slipway-error';

/** What asks the daemon and is shown: it says when something changed, and keeps why the last question failed. */
export abstract class AskingModel implements IDisposable {
  /** Emitted after anything shown changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  /** Why the last question failed; null once one was answered. */
  get error(): Error | null {
    return this._error;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Asks, keeps what went wrong, and says that something changed. */
  protected async attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this._error = null;
    } catch (error) {
      this._error = errorOf(error);
    }
    this.announce();
  }

  /** What was shown is about something else now: so is what went wrong. */
  protected clearError(): void {
    this._error = null;
  }

  /** Emits `changed`, unless nobody looks any more. */
  protected announce(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _error: Error | null = null;
  private _isDisposed = false;
}
