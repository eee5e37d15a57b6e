import type { Generated, GeneratedAlways } from 'kysely';

/** One fact: what stands at `from_uri` went into what stands at `to_uri`. The digests are those in the URIs of datasets. */
export interface LineageTables {
  lineage_edge: { from_uri: string; to_uri: string; from_digest: GeneratedAlways<string | null>; to_digest: GeneratedAlways<string | null>; created_at: Generated<Date> };
}
