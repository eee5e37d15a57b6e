import type { Endpoint, Permission } from '@slipway/schema';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { z } from 'zod';
import { Forbidden, InvalidInput } from './errors';

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

/** Who calls: found out by `access` before any route runs. */
export interface Caller {
  id: string;
  permissions: ReadonlySet<Permission>;
  /** The kernel session a session-scoped token belongs to. */
  sessionId: string | null;
}

/** Who stands behind a call: a kernel is its owner's, so nobody approves from the shell what they asked for in a notebook. */
export function personOf(caller: Caller): string {
  return caller.sessionId === null ? caller.id : 'owner';
}

/** The person behind the id of a caller that was kept. */
export const personBehind = (callerId: string): string => (callerId.startsWith('session:') ? 'owner' : callerId);

/** What a handler gets: already authenticated, authorised and validated. */
export interface Call<E extends Endpoint> {
  caller: Caller;
  params: Record<string, string>;
  query: Parsed<E['query']>;
  body: Parsed<E['body']>;
}

/** Binds one contract endpoint to its handler; there is no other way in. */
export function serve<E extends Endpoint>(
  router: Router,
  endpoint: E,
  handler: (call: Call<E>) => Promise<z.input<E['reply']>>
): void {
  router[endpoint.method](endpoint.path, needs(endpoint.permission), async (req: Request, res: Response) => {
    const reply = await handler({
      caller: callerOf(res),
      params: req.params as Record<string, string>,
      query: parse(endpoint.query, req.query, 'query') as Parsed<E['query']>,
      body: parse(endpoint.body, req.body, 'body') as Parsed<E['body']>
    });
    res.status(endpoint.status ?? (endpoint.method === 'post' ? 201 : 200)).json(endpoint.reply.parse(reply));
  });
}

/** Lets a request pass only with the permission; also for routes outside the contract (SSE, downloads, MLflow's). */
export function needs(permission: Permission): RequestHandler {
  return (_req, res, next) => {
    requirePermission(callerOf(res), permission);
    next();
  };
}

/** @throws {Forbidden} unless who calls has the permission */
export function requirePermission(caller: Caller, permission: Permission): void {
  if (!caller.permissions.has(permission)) {
    throw new Forbidden('forbidden', `This token lacks the permission ${permission}.`);
  }
}

export function callerOf(res: Response): Caller {
  return res.locals.caller as Caller;
}

function parse(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  if (!schema) {
    return undefined;
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const errors = result.error.issues.map(i => ({ path: i.path.map(String).join('.'), message: i.message }));
    const first = errors[0];
    throw new InvalidInput('invalid_input', `Invalid ${part}: ${first?.path ? `${first.path}: ` : ''}${first?.message ?? ''}`, { errors });
  }
  return result.data;
}
