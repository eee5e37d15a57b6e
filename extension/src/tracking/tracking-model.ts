import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Signal, type ISignal } from '@lumino/signaling';
import type { ISlipway } from '../core/tokens';
import type { Outbox } from './outbox';
import { TrackedNotebook } from './tracked-notebook';

/** Follows the open notebooks; the sidebar shows the current one. */
export class TrackingModel {
  constructor(
    private readonly notebooks: INotebookTracker,
    private readonly slipway: ISlipway,
    private readonly outbox: Outbox
  ) {
    notebooks.widgetAdded.connect((_, panel) => this.track(panel));
    notebooks.currentChanged.connect(() => this.onCurrentChanged());
  }

  /** Emitted when another notebook became the current one, or tracking was switched. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get current(): TrackedNotebook | null {
    return (this.shown && this.tracked.get(this.shown)) ?? null;
  }
  get isOn(): boolean {
    return this._isOn;
  }

  /** Switches tracking by the user's setting; notebooks already open follow. */
  setOn(isOn: boolean): void {
    if (isOn === this._isOn) {
      return;
    }
    this._isOn = isOn;
    if (isOn) {
      this.notebooks.forEach(panel => this.track(panel));
    } else {
      this.tracked.forEach(notebook => notebook.dispose());
      this.tracked.clear();
    }
    this._changed.emit();
  }

  /** An executed step in front is looked at, not worked in: the sidebar stays with the notebook before it. */
  private onCurrentChanged(): void {
    const panel = this.notebooks.currentWidget;
    if (panel === null || !isExecutedStep(panel)) {
      this.shown = panel;
    }
    this._changed.emit();
  }

  private track(panel: NotebookPanel): void {
    if (!this._isOn || this.tracked.has(panel) || isExecutedStep(panel)) {
      return;
    }
    this.tracked.set(panel, new TrackedNotebook(panel, this.slipway, this.outbox));
    panel.disposed.connect(() => void this.tracked.delete(panel));
    this.shown ??= this.notebooks.currentWidget === panel ? panel : null;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly tracked = new Map<NotebookPanel, TrackedNotebook>();
  private shown: NotebookPanel | null = null;
  private _isOn = false;
}

/** Executed notebooks of steps open from a drive of their own and run nothing. */
function isExecutedStep(panel: NotebookPanel): boolean {
  return panel.context.path.startsWith('SlipwayRuns:');
}
