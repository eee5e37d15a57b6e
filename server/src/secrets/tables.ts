import type { Generated, Selectable } from 'kysely';

/** Sealed by the key of the home; the value is never shown. */
export interface SecretTable {
  name: string;
  sealed: string;
  updated_by: string;
  updated_at: Generated<Date>;
}

export interface SecretTables {
  secret: SecretTable;
}
export type SecretRow = Selectable<SecretTable>;
