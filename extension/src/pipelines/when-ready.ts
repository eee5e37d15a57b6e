import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import * as React from 'react';

/** A page about a notebook: its model begins when the notebook is there and the page is first drawn, and ends with the page. */
export function whenReady<M extends IDisposable>(panel: NotebookPanel, create: () => M, draw: (model: M) => React.JSX.Element): { draw: () => React.JSX.Element; model: IDisposable } {
  let model: M | null = null;
  const Page = (): React.JSX.Element | null => {
    const [isReady, setReady] = React.useState(panel.context.isReady);
    React.useEffect(() => void panel.context.ready.then(() => setReady(true)), []);
    if (!isReady) {
      return null;
    }
    model ??= create();
    return draw(model);
  };
  return {
    draw: () => React.createElement(Page),
    model: {
      get isDisposed() {
        return model?.isDisposed ?? false;
      },
      dispose: () => model?.dispose()
    }
  };
}
