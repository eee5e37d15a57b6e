import type { SlipwayEvent } from '@slipway/schema';
import type { Loader } from './loader';
import type { ISlipway } from './tokens';

/** When news lead to a refresh. */
export interface RefreshPace {
  ask(): void;
  stop(): void;
}

/** Keeps a loader fresh by the events that concern it, at once unless another pace is given, and after the daemon was away. */
export function keepFresh<T>(slipway: ISlipway, loader: Loader<T>, concerns: (event: SlipwayEvent) => boolean, pace?: RefreshPace): Loader<T> {
  const onNews = (_: unknown, event: SlipwayEvent): void => {
    if (loader.isDisposed) {
      slipway.news.received.disconnect(onNews);
      slipway.daemon.returned.disconnect(onReturned);
      pace?.stop();
    } else if (concerns(event)) {
      pace ? pace.ask() : loader.refresh();
    }
  };
  const onReturned = (): void => loader.refresh();
  slipway.news.received.connect(onNews);
  slipway.daemon.returned.connect(onReturned);
  loader.refresh();
  return loader;
}
