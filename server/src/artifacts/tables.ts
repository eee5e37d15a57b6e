import type { Generated, Selectable } from 'kysely';

/** A named file over a blob: `<experiment>/<run>/artifacts/model/MLmodel`. */
export interface ArtifactTables {
  artifact_file: { path: string; digest: string; size_bytes: string; created_at: Generated<Date> };
}
export type ArtifactFileRow = Selectable<ArtifactTables['artifact_file']>;
