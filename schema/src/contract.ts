import type { z } from 'zod';

/** What a caller may do. Each route names exactly one; a token carries a set. */
export const PERMISSIONS = [
  'system:read',
  'runs:read',
  'runs:write',
  'runs:purge',
  'registry:read',
  'registry:write',
  'registry:approve',
  'pipelines:read',
  'pipelines:write',
  'pipelines:approve',
  'secrets:admin',
  'predictions:create',
  'jobs:read',
  'jobs:write',
  'jobs:admin',
  'webhooks:admin',
  'access:admin'
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface Endpoint {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express path below /api/v1, e.g. `/sessions/:sessionId`. */
  path: string;
  summary: string;
  /** What the caller needs; checked by the router before the handler runs. */
  permission: Permission;
  query?: z.ZodType;
  body?: z.ZodType;
  reply: z.ZodType;
  /** Status of success; 201 for post and 200 otherwise when not given. */
  status?: 200 | 201 | 202;
  /** Media type of a reply that is not JSON; its route sends the bytes itself. */
  produces?: string;
}

/** Keeps the literal types of one endpoint; does nothing at run time. */
export function endpoint<const E extends Endpoint>(e: E): E {
  return e;
}
