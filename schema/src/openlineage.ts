import { z } from 'zod';
import { Instant, PageQuery } from './common';

export const OpenLineageQuery = PageQuery.extend({ runId: z.string().regex(/^[0-9a-f-]{32,36}$/i, 'A run’s id is 32 hex digits, a pipeline run’s a UUID.').optional().describe('A trial, a pipeline run, or the MLflow run of one; all where absent') });

export const OpenLineageEvent = z.object({
  seq: z.string(),
  /** `kept`: no consumer was configured when it came about. */
  status: z.enum(['kept', 'pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  lastStatus: z.number().int().nullable().describe('What the consumer answered last'),
  lastError: z.string().nullable(),
  endedAt: Instant.nullable(),
  event: z.record(z.string(), z.unknown()).nullable().describe('A RunEvent of OpenLineage 2-0-2; null where what it tells of is gone')
});
export type OpenLineageEvent = z.infer<typeof OpenLineageEvent>;
export const OpenLineageEventPage = z.object({ items: z.array(OpenLineageEvent), nextCursor: z.string().optional() }).meta({ id: 'OpenLineageEventPage' });

export const OpenLineageStatus = z
  .object({
    consumer: z.string().nullable().describe('Where events go; null where no consumer is configured'),
    namespace: z.string(),
    pending: z.number().int(),
    failed: z.number().int(),
    lastError: z.string().nullable().describe('Of the newest that is not delivered')
  })
  .meta({ id: 'OpenLineageStatus' });
export type OpenLineageStatus = z.infer<typeof OpenLineageStatus>;
