import * as React from 'react';
import { errorOf } from './slipway-error';

/** What `fetch` gives, again when `inputs` change. */
export function useFetched<T>(fetch: (signal: AbortSignal) => Promise<T>, inputs: unknown[]): { value: T | null; error: Error | null } {
  const [state, setState] = React.useState<{ value: T | null; error: Error | null }>({ value: null, error: null });
  React.useEffect(() => {
    const abort = new AbortController();
    fetch(abort.signal).then(
      value => abort.signal.aborted || setState({ value, error: null }),
      (caught: unknown) => abort.signal.aborted || setState({ value: null, error: errorOf(caught) })
    );
    return () => abort.abort();
  }, inputs);
  return state;
}
