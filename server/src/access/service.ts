import { PERMISSIONS, type Permission } from '@slipway/schema';
import type { Caller } from '../core/endpoint-router';
import { NotFound } from '../core/errors';
import { isUuid } from '../core/uuid';
import type { Db, Tx } from '../database';
import { ensureSecretFile, isSame, newSecret, sha256 } from './secrets';
import * as store from './store';
import type { AccessTokenRow } from './tables';

export type Access = ReturnType<typeof createAccess>;

const OWNER: Caller = { id: 'owner', permissions: new Set(PERMISSIONS), sessionId: null };
/** What a kernel's MLflow client needs, and no more. */
const SESSION_PERMISSIONS: Permission[] = ['runs:read', 'runs:write', 'registry:read', 'registry:write'];

/** Who may call: the local owner, issued tokens, and the tokens kernels make for themselves. */
export function createAccess(deps: { db: Db; tokenFile: string; proxySecretFile: string }) {
  const { db } = deps;
  const ownerToken = ensureSecretFile(deps.tokenFile);
  const proxySecret = ensureSecretFile(deps.proxySecretFile);

  return {
    owner: OWNER,
    isProxySecret: (secret: string): boolean => isSame(secret, proxySecret),
    /** The caller behind a token; null for one unknown, expired or revoked. */
    async callerOf(token: string): Promise<Caller | null> {
      if (isSame(token, ownerToken)) {
        return OWNER;
      }
      const row = await store.findLiveToken(db, sha256(token));
      if (!row) {
        return null;
      }
      await store.touchToken(db, row.id);
      return { id: row.kind === 'session' ? `session:${row.session_id}` : `token:${row.name}`, permissions: new Set(row.permissions), sessionId: row.session_id };
    },
    async listTokens() {
      return { items: (await store.listLiveTokens(db)).map(toToken) };
    },
    async createToken(input: { name: string; permissions: Permission[]; expiresInDays?: number }) {
      const secret = newSecret();
      const expires_at = input.expiresInDays === undefined ? null : new Date(Date.now() + input.expiresInDays * 86_400_000);
      const row = await store.insertToken(db, { name: input.name, sha256: sha256(secret), kind: 'api', permissions: input.permissions, session_id: null, expires_at });
      return { ...toToken(row!), secret };
    },
    async revokeToken(id: string): Promise<void> {
      if (!isUuid(id) || !(await store.revokeToken(db, id))) {
        throw new NotFound('no_such_token', 'There is no such token.');
      }
    },
    /** Lets a kernel in by the hash of the token it made; the token itself never leaves the kernel. */
    async registerSessionToken(tx: Tx, token: { sha256: string; sessionId: string }): Promise<void> {
      await store.insertToken(tx, { name: `session ${token.sessionId}`, sha256: token.sha256, kind: 'session', permissions: SESSION_PERMISSIONS, session_id: token.sessionId });
    },
    revokeSessionTokens: (tx: Tx, sessionId: string): Promise<void> => store.revokeSessionTokens(tx, sessionId)
  };
}

function toToken(row: AccessTokenRow) {
  return {
    id: row.id,
    name: row.name,
    permissions: row.permissions,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null
  };
}
