import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

/** Where on a model's page one is: a version, and of it a tab; null is the first. */
export interface Place {
  version: string | null;
  tab: string | null;
}

/** The place that an open page shows; it can be sent elsewhere. */
export class ModelPlace implements IDisposable {
  constructor(private _current: Place) {}

  /** Emitted after `current` changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get current(): Place {
    return this._current;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  go(place: Place): void {
    this._current = place;
    this._changed.emit();
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private readonly _changed = new Signal<this, void>(this);
  private _isDisposed = false;
}
