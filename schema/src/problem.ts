import { z } from 'zod';

/** RFC 9457 problem details: the one shape of every refusal of /api/v1. */
export const Problem = z
  .object({
    type: z.string().describe('Always `about:blank`; `code` tells the kinds apart'),
    title: z.string(),
    status: z.number().int(),
    /** Stable and machine-readable; never reworded once released. */
    code: z.string(),
    detail: z.string().describe('What is wrong and what to do about it, for people'),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    requestId: z.string()
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
