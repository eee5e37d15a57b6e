import { z } from 'zod';
import { Instant, pageOf } from './common';

/** Something that happened to a version, with what it was before. */
export const VersionChange = z
  .object({
    id: z.string(),
    kind: z.enum(['registered', 'stage', 'alias_set', 'alias_removed', 'tag_set', 'tag_removed', 'described', 'card_edited']),
    /** The stage, alias or tag’s value; null where it was taken away or has no words. */
    to: z.string().nullable(),
    from: z.string().nullable().describe('What stood there before: the stage, the version that had the alias, the tag’s value'),
    name: z.string().nullable().describe('Of the alias or tag'),
    by: z.string(),
    at: Instant
  })
  .meta({ id: 'VersionChange' });
export type VersionChange = z.infer<typeof VersionChange>;
export const VersionChangePage = pageOf(VersionChange);
