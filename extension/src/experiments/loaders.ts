import { endpoints, type RunDetail } from '@slipway/schema';
import { Loader } from '../core/loader';
import type { ISlipway } from '../core/tokens';
import { keepPaced } from './keep-paced';

/** A run may log all the time: its page need not follow every point. */
const EVERY_MS = 1_000;

/** One run with what is known of it. */
export function trackedRunLoader(slipway: ISlipway, runId: string): Loader<RunDetail> {
  const loader = new Loader(() => slipway.client.call(endpoints.explore.run, { params: { runId } }));
  return keepPaced(slipway, loader, EVERY_MS, event => event.subject === runId || event.data.trialId === runId);
}

/** Runs to be compared, in the order they were chosen. */
export function comparedLoader(slipway: ISlipway, runIds: readonly string[]): Loader<RunDetail[]> {
  const loader = new Loader(() => Promise.all(runIds.map(runId => slipway.client.call(endpoints.explore.run, { params: { runId } }))));
  return keepPaced(slipway, loader, EVERY_MS, event => runIds.includes(event.subject) || runIds.includes(String(event.data.trialId)));
}
