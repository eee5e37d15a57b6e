import { z } from 'zod';

const RunIds = z.array(z.string().regex(/^[0-9a-f]{32}$/, 'A run’s id is 32 hex digits.')).min(1).max(1_000);
const within = { withChildren: z.boolean().default(false).describe('Also the runs within them, at any depth') };

/** One change to some runs. */
export const RunChange = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('delete'), runIds: RunIds, ...within }).describe('They can be restored until they are purged'),
    z.object({ type: z.literal('restore'), runIds: RunIds, ...within }),
    z.object({ type: z.literal('move'), runIds: RunIds, ...within, experimentId: z.string().regex(/^\d{1,18}$/, 'An experiment’s id is a number.') }),
    z.object({ type: z.literal('rename'), runIds: RunIds.max(1), name: z.string().trim().min(1).max(250) }),
    z.object({
      type: z.literal('tag'),
      runIds: RunIds,
      tags: z.record(z.string().min(1).max(250), z.string().max(16_000).nullable()).describe('null takes a tag away').refine(tags => Object.keys(tags).length <= 100, 'At most 100 tags at once.')
    })
  ])
  .meta({ id: 'RunChange' });
export type RunChange = z.infer<typeof RunChange>;

/** Changes that are made all or none, in this order. */
export const RunChanges = z.object({ changes: z.array(RunChange).min(1).max(2_000) });
export const RunChangesReply = z.object({
  changed: z.number().int().describe('Runs that are not as they were before'),
  undo: z.array(RunChange).describe('Sent in turn, all is as it was')
});
