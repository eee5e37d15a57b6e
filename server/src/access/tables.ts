import type { Permission } from '@slipway/schema';
import type { Generated, Selectable } from 'kysely';

export interface AccessTokenTable {
  id: Generated<string>;
  name: string;
  sha256: string;
  kind: 'api' | 'session';
  permissions: Permission[];
  session_id: string | null;
  created_at: Generated<Date>;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface AccessTables {
  access_token: AccessTokenTable;
}
export type AccessTokenRow = Selectable<AccessTokenTable>;
