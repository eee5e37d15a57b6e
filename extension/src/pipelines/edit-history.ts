/** The present of something edited, with what was before and what was undone. */
export class EditHistory<T> {
  constructor(first: T) {
    this._present = first;
  }

  get present(): T {
    return this._present;
  }
  get canUndo(): boolean {
    return this.past.length > 0;
  }
  get canRedo(): boolean {
    return this.future.length > 0;
  }

  push(next: T): void {
    this.past.push(this._present);
    this.future = [];
    this._present = next;
  }

  undo(): T {
    if (this.canUndo) {
      this.future.push(this._present);
      this._present = this.past.pop()!;
    }
    return this._present;
  }

  redo(): T {
    if (this.canRedo) {
      this.past.push(this._present);
      this._present = this.future.pop()!;
    }
    return this._present;
  }

  private past: T[] = [];
  private future: T[] = [];
  private _present: T;
}
