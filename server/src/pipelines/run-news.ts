import type { Tx } from '../database';
import type { LiveRun } from './live-run';
import type { NotificationsPort } from './ports';

/** What of a run others are told of. */
export type RunOccasion = Parameters<NotificationsPort['tell']>[2]['type'];
export type RunNews = ReturnType<typeof createRunNews>;

/** Tells those outside whom the pipeline's options name, from the transaction in which it came about. */
export function createRunNews(notifications: Pick<NotificationsPort, 'tell'>) {
  return {
    async tell(tx: Tx, { row, content }: Pick<LiveRun, 'row' | 'content'>, occasion: RunOccasion, step?: string, message?: string): Promise<void> {
      if (row.trigger === 'proof' || (row.trigger === 'sweep' && occasion !== 'approval')) {
        return; // nobody's run yet; one of a sweep's many
      }
      const { id, pipeline, version, status, trigger, error } = row;
      const instructions = content.options?.humanSteps.find(h => h.name === step)?.instructions;
      await notifications.tell(tx, content.options, { type: occasion, run: { id, pipeline, version, status, trigger, error }, ...(step !== undefined && { step }), ...(instructions && { instructions }), ...(message !== undefined && { message }) });
    }
  };
}
