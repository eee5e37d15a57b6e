import { endpoints, type LineageGraph } from '@slipway/schema';
import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { Loader } from '../core/loader';
import type { ISlipway } from '../core/tokens';

/** What of the graph one looks at. */
export interface LineageView {
  /** null until something was chosen. */
  uri: string | null;
  isUp: boolean;
  isDown: boolean;
  depth: number;
  /** The graph as it was then; null is now. */
  at: Date | null;
}

export const DEEPEST = 50;

/** Owns where one looks in the lineage graph, and the graph as it is from there. */
export class LineageModel implements IDisposable {
  constructor(
    private readonly slipway: ISlipway,
    uri: string | null
  ) {
    this._view = { uri, isUp: true, isDown: true, depth: 10, at: null };
    this.loader = new Loader(() => this.fetch());
    this.loader.changed.connect(() => this._changed.emit());
    this.loader.refresh();
  }

  readonly loader: Loader<LineageGraph | null>;

  /** Emitted after the view or the graph changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get view(): LineageView {
    return this._view;
  }
  /** Where one looked before, the last one last. */
  get canGoBack(): boolean {
    return this.past.length > 0;
  }
  get isDisposed(): boolean {
    return this.loader.isDisposed;
  }

  /** Looks from somewhere else. */
  look(uri: string): void {
    if (this._view.uri !== null && this._view.uri !== uri) {
      this.past.push(this._view.uri);
    }
    this.set({ uri });
  }

  back(): void {
    const uri = this.past.pop();
    if (uri !== undefined) {
      this.set({ uri });
    }
  }

  set(change: Partial<LineageView>): void {
    this._view = { ...this._view, ...change };
    this._changed.emit();
    this.loader.refresh();
  }

  dispose(): void {
    this.loader.dispose();
    Signal.clearData(this);
  }

  private async fetch(): Promise<LineageGraph | null> {
    const { uri, isUp, isDown, depth, at } = this._view;
    if (uri === null) {
      return null;
    }
    const direction = isUp && isDown ? 'both' : isUp ? 'up' : 'down';
    return this.slipway.client.call(endpoints.lineage.graph, { query: { uri, direction, depth, ...(at && { at: at.toISOString() }) } });
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly past: string[] = [];
  private _view: LineageView;
}
