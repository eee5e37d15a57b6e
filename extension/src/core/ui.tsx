import type { ISignal } from '@lumino/signaling';
import * as React from 'react';
import { errorOf } from './slipway-error';
import type { ISlipway } from './tokens';

const Context = React.createContext<ISlipway | null>(null);

/** Gives the components beneath what they call and speak with. */
export function UiProvider({ slipway, children }: { slipway: ISlipway; children: React.ReactNode }): React.JSX.Element {
  return <Context.Provider value={slipway}>{children}</Context.Provider>;
}

/** The connection, commands and words of Slipway, inside a component. */
export function useSlipway(): ISlipway {
  const slipway = React.useContext(Context);
  if (!slipway) {
    throw new Error('A component of Slipway was drawn outside its provider.');
  }
  return slipway;
}

/** Draws the component again whenever the signal is emitted. */
export function useSignal(signal: ISignal<unknown, unknown>): void {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const onEmit = (): void => redraw();
    signal.connect(onEmit);
    return () => void signal.disconnect(onEmit);
  }, [signal]);
}

/** The time, again every `everyMs` while `isOn`: for durations that grow. */
export function useClock(isOn: boolean, everyMs = 500): number {
  const [now, setNow] = React.useState(Date.now);
  React.useEffect(() => {
    if (!isOn) {
      return undefined;
    }
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [isOn, everyMs]);
  return isOn ? Math.max(now, Date.now()) : now;
}

/** Runs an action, holds its button while it runs, keeps what went wrong. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): { run(...args: A): void; isBusy: boolean; error: Error | null; clear(): void } {
  const [isBusy, setBusy] = React.useState(false);
  const [error, setError] = React.useState<Error | null>(null);
  const run = (...args: A): void => {
    setBusy(true);
    setError(null);
    act(...args)
      .catch((caught: unknown) => setError(errorOf(caught)))
      .finally(() => setBusy(false));
  };
  return { run, isBusy, error, clear: () => setError(null) };
}
