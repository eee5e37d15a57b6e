import express, { Router, type Request, type RequestHandler } from 'express';
import type { Permission } from '@slipway/schema';
import { z } from 'zod';
import { callerOf, requirePermission, type Caller } from '../../core/endpoint-router';
import { InvalidInput } from '../../core/errors';
import { parsePythonJson } from '../../core/python-json';
import { sendJson } from './wire';

/** One call of MLflow's API: who, where, what. */
export interface MlflowCall<T> {
  caller: Caller;
  /** Body, or query of a GET, checked. */
  input: T;
  params: Record<string, string>;
}
export interface MlflowRoute {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** Below `/api/2.0/mlflow`. */
  path: string;
  permission: Permission;
  run: (call: MlflowCall<never>) => Promise<object>;
  input: z.ZodType;
}

const BODY_LIMIT = '64mb';

/** Says one route of MLflow's; each declares the permission it needs. */
export function mlflowRoute<S extends z.ZodType>(method: MlflowRoute['method'], path: string, permission: Permission, input: S, run: (call: MlflowCall<z.output<S>>) => Promise<object>): MlflowRoute {
  return { method, path, permission, input, run: run as MlflowRoute['run'] };
}

/** The routes, wherever MLflow's clients and pages look for them. */
export function mlflowRouter(routes: readonly MlflowRoute[]): Router {
  const router = Router();
  // Hundreds of paths tried one after another would take longer than most calls: those without a parameter are looked up.
  const fixed = new Map<string, RequestHandler>();
  router.use((req, res, next) => (fixed.get(`${req.method === 'HEAD' ? 'GET' : req.method} ${req.path}`) ?? pass)(req, res, next));
  for (const route of routes) {
    const handler = handlerOf(route);
    for (const prefix of PREFIXES) {
      if (route.path.includes(':')) {
        router[route.method](`${prefix}${route.path}`, handler);
      } else {
        fixed.set(`${route.method.toUpperCase()} ${prefix}${route.path}`, handler);
      }
    }
  }
  return router;
}

const PREFIXES = ['/api/2.0/mlflow', '/ajax-api/2.0/mlflow', '/api/3.0/mlflow', '/ajax-api/3.0/mlflow'];
const pass: RequestHandler = (_req, _res, next) => next();
const readText = express.text({ type: () => true, limit: BODY_LIMIT });

function handlerOf(route: MlflowRoute): RequestHandler {
  return async (req, res) => {
    requirePermission(res, route.permission);
    if (route.method !== 'get') {
      requireJson(req);
      await new Promise<void>((resolve, reject) => readText(req, res, error => (error ? reject(error as Error) : resolve())));
    }
    const input = check(route.input, route.method === 'get' ? queryOf(req) : bodyOf(req));
    sendJson(res, 200, await route.run({ caller: callerOf(res), input: input as never, params: req.params as Record<string, string> }));
  };
}

/** MLflow refuses bodies that do not say they are JSON; DELETE may have none. */
function requireJson(req: Request): void {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if ((hasBody || req.method === 'POST') && !req.is('application/json')) {
    throw new InvalidInput('not_json', 'Bad Request. Content-Type should be application/json.');
  }
}

function bodyOf(req: Request): unknown {
  const text = typeof req.body === 'string' ? req.body.trim() : '';
  try {
    const body = text === '' ? {} : parsePythonJson(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      // Some clients send a DELETE's fields in the query.
      return req.method === 'DELETE' ? { ...queryOf(req), ...body } : body;
    }
  } catch (cause) {
    throw new InvalidInput('malformed_json', 'The request body is not valid JSON.', { cause });
  }
  throw new InvalidInput('malformed_json', 'The request body is not a JSON object.');
}

function queryOf(req: Request): Record<string, unknown> {
  return { ...(req.query as Record<string, unknown>) };
}

function check(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const issue = result.error.issues[0]!;
  const name = issue.path.map(String).join('.');
  const isMissing = issue.code === 'invalid_type' && issue.path.reduce<unknown>((v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key], value) === undefined;
  throw new InvalidInput(
    'invalid_parameter',
    isMissing ? `Missing value for required parameter '${name}'. See the API docs for more information about request parameters.` : `Invalid value for parameter '${name}' supplied: ${issue.message}.`
  );
}

const noNul = (s: string): boolean => !s.includes('\0');
/** Text without NUL, which PostgreSQL cannot keep. */
export const Text = z.string().refine(noNul, 'a NUL character is not allowed');
export const Id = Text.min(1);
/** The number of an experiment, as text or as a number. */
export const ExperimentId = z.coerce.string().regex(/^\d{1,18}$/, 'it is not the number of an experiment');
/** 64 bits, as a number or as text. */
export const Int8 = z
  .union([z.number().int(), z.string().regex(/^-?\d{1,19}$/)])
  .transform(v => BigInt(v))
  .refine(v => BigInt.asIntN(64, v) === v, 'it does not fit 64 bits');
/** JSON has no NaN: it comes as text, and so may any other number. */
export const Float = z.union([z.number(), z.string().regex(/^(NaN|-?Infinity|-?\d+(\.\d+)?([eE][-+]?\d+)?)$/)]).transform(Number);
export const Tag = z.object({ key: Text, value: z.string().nullish().transform(v => v ?? '') });
/** A repeated query parameter comes alone where it stands once. */
export const list = <T extends z.ZodType>(item: T) => z.preprocess(v => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v]), z.array(item));
/** `run_id`, or its old name `run_uuid`. */
export function withRunId<S extends z.ZodRawShape>(shape: S) {
  return z.preprocess(
    v => (typeof v === 'object' && v !== null && !('run_id' in v && (v as { run_id: unknown }).run_id) && 'run_uuid' in v ? { ...v, run_id: v.run_uuid } : v),
    z.object({ run_id: Id, ...shape })
  );
}
/** Page sizes: a whole number in range. */
export const pageSize = (standard: number, most: number) => z.coerce.number().int().min(1).max(most).default(standard);
export const PageToken = z.string().nullish().transform(v => v || null);
const VIEW_NUMBERS: Record<string, string> = { 1: 'ACTIVE_ONLY', 2: 'DELETED_ONLY', 3: 'ALL' };
/** By name, or by its number in MLflow's protocol. */
export const ViewType = z.preprocess(v => VIEW_NUMBERS[String(v)] ?? v, z.enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']).default('ACTIVE_ONLY'));
