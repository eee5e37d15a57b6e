import type { SlipwayEvent } from '@slipway/schema';
import type { Loader } from '../core/loader';
import type { ISlipway } from '../core/tokens';
import { Pace } from './pace';

/** Keeps a loader fresh by the events that concern it, but not faster than `everyMs`, and after the daemon was away. */
export function keepPaced<T>(slipway: ISlipway, loader: Loader<T>, everyMs: number, concerns: (event: SlipwayEvent) => boolean): Loader<T> {
  const pace = new Pace(() => loader.refresh(), everyMs);
  const onNews = (_: unknown, event: SlipwayEvent): void => {
    if (loader.isDisposed) {
      slipway.news.received.disconnect(onNews);
      slipway.daemon.returned.disconnect(onReturned);
      pace.stop();
    } else if (concerns(event)) {
      pace.ask();
    }
  };
  const onReturned = (): void => loader.refresh();
  slipway.news.received.connect(onNews);
  slipway.daemon.returned.connect(onReturned);
  loader.refresh();
  return loader;
}
