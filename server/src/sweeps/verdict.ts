import type { SweepTrialState } from '@slipway/schema';
import type { OpenTrial } from './store';

/** How a trial ended: null while its run goes on. */
export function verdictOn(trial: Pick<OpenTrial, 'status' | 'metrics' | 'error' | 'is_pruned'>, metric: string): { state: SweepTrialState; value: number | null; error: string | null } | null {
  const ended = (state: SweepTrialState, error: string | null = null) => ({ state, value: null, error });
  switch (trial.status) {
    case null:
      return ended('failed', 'Its run is gone.');
    case 'succeeded': {
      const value = trial.metrics?.[metric];
      if (typeof value === 'number') {
        return { state: 'succeeded', value, error: null };
      }
      return ended('failed', value === undefined ? `Its run measured no ${metric}.` : `Its ${metric} is ${value}.`);
    }
    case 'failed':
      return trial.is_pruned ? ended('pruned') : ended('failed', trial.error ?? 'Its run failed.');
    case 'cancelled':
      return ended(trial.is_pruned ? 'pruned' : 'cancelled');
    default:
      return null;
  }
}
