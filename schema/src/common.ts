import { z } from 'zod';

/** An instant as ISO 8601 in UTC with milliseconds. */
export const Instant = z.iso.datetime();
/** A scalar as a notebook's constant holds it; what a param may be. */
export const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Scalar = z.infer<typeof Scalar>;
/** JSON cannot hold NaN and the infinities: they travel as these strings. */
export const MetricValue = z.union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity'])]);
export type MetricValue = z.infer<typeof MetricValue>;

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().optional().describe('`nextCursor` of the page before')
});

/** A page of items, newest first. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}

export const Nothing = z.object({});
