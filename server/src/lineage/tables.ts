import type { Generated } from 'kysely';

/** One fact: what stands at `from_uri` went into what stands at `to_uri`. */
export interface LineageTables {
  lineage_edge: { from_uri: string; to_uri: string; created_at: Generated<Date> };
}
