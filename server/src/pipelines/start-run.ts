import type { StartRun } from '@slipway/schema';
import { personName } from '../core/person-name';
import type { NewRun } from './orchestrator';

/** What may be said of a run of a pipeline; the version is the latest, the cache used, and the params its own, where nothing else is. */
export type RunAsk = Pick<NewRun, 'trigger' | 'userId' | 'origin' | 'dataInterval' | 'mlflow'> & Partial<Pick<NewRun, 'params' | 'useCache' | 'version'>>;

/** A run somebody asked for by hand. */
export function startAsk(body: StartRun, userId: string): RunAsk {
  const { fromRun, version, ...rest } = body;
  const reason = fromRun === undefined ? `Started by ${personName(userId)}.` : `Started by ${personName(userId)}, with the params of run ${fromRun} to begin with.`;
  return { ...rest, ...(version !== undefined && { version }), trigger: 'hand', userId, origin: { reason, ...(fromRun !== undefined && { fromRun }) } };
}
