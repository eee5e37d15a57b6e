import type { SlipwayEvent } from '@slipway/schema';
import { keepFresh } from '../core/keep-fresh';
import type { Loader } from '../core/loader';
import type { ISlipway } from '../core/tokens';
import { Pace } from './pace';

/** Keeps a loader fresh by the events that concern it, but not faster than `everyMs`, and after the daemon was away. */
export function keepPaced<T>(slipway: ISlipway, loader: Loader<T>, everyMs: number, concerns: (event: SlipwayEvent) => boolean): Loader<T> {
  return keepFresh(slipway, loader, concerns, new Pace(() => loader.refresh(), everyMs));
}
