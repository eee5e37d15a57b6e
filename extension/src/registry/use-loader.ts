import * as React from 'react';
import type { Loader } from '../core/loader';
import { useSlipway } from '../core/ui';
import type { ISlipway } from '../core/tokens';

export interface Loaded<T> {
  value: T | null;
  error: Error | null;
  refresh(): void;
  /** Takes what a command answered with. */
  put(value: T): void;
}

/** What a loader has, drawn again at each change; a new one is opened when `inputs` change. */
export function useLoader<T>(open: (slipway: ISlipway) => Loader<T>, inputs: readonly unknown[]): Loaded<T> {
  const slipway = useSlipway();
  const [loader, setLoader] = React.useState<Loader<T> | null>(null);
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const opened = open(slipway);
    opened.changed.connect(redraw);
    setLoader(opened);
    return () => {
      opened.dispose();
      setLoader(null);
    };
  }, [slipway, ...inputs]);
  return { value: loader?.value ?? null, error: loader?.error ?? null, refresh: () => loader?.refresh(), put: value => loader?.put(value) };
}
