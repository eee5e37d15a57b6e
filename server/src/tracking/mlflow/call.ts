import { text as textParser } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { z } from 'zod';
import type { Caller } from '../../core/endpoint-router';
import { requirePermission } from '../../core/endpoint-router';
import { InvalidInput } from '../../core/errors';
import { parsePythonJson } from '../../core/python-json';
import type { MlflowRoute } from './routes';
import { sendJson } from './wire';

const BODY_LIMIT = 64 * 2 ** 20;

/** Reads, checks, runs and answers one call. @throws what went wrong, to be answered in MLflow's shape */
export async function answerCall(route: MlflowRoute, req: IncomingMessage, res: ServerResponse, caller: Caller, params: Record<string, string>): Promise<void> {
  requirePermission(caller, route.permission);
  const input = check(route.input, route.method === 'get' ? queryOf(req) : await bodyOf(req, res));
  sendJson(res, 200, await route.run({ caller, input: input as never, params }));
}

async function bodyOf(req: IncomingMessage, res: ServerResponse): Promise<unknown> {
  requireJson(req);
  const text = (isPlain(req) ? await readPlain(req) : await readAny(req, res)).trim();
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

/** MLflow refuses bodies that do not say they are JSON; DELETE may have none. */
function requireJson(req: IncomingMessage): void {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if ((hasBody || req.method === 'POST') && !/^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '')) {
    throw new InvalidInput('not_json', 'Bad Request. Content-Type should be application/json.');
  }
}

/** UTF-8 of a length that was said and is in bounds: what every MLflow client sends. */
function isPlain(req: IncomingMessage): boolean {
  const { 'content-length': length, 'content-encoding': encoding, 'content-type': type = '' } = req.headers;
  return length !== undefined && Number(length) <= BODY_LIMIT && encoding === undefined && !/charset/i.test(type);
}

function readPlain(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => resolve((parts.length === 1 ? parts[0]! : Buffer.concat(parts)).toString()));
    req.on('error', cause => reject(new InvalidInput('request_aborted', 'The request ended before its body.', { cause })));
  });
}

const parseText = textParser({ type: () => true, limit: BODY_LIMIT });

/** Compressed, chunked, in another charset, too long. */
function readAny(req: IncomingMessage & { body?: unknown }, res: ServerResponse): Promise<string> {
  return new Promise((resolve, reject) =>
    parseText(req as never, res as never, (error: unknown) => (error ? reject(error as Error) : resolve(typeof req.body === 'string' ? req.body : '')))
  );
}

function queryOf(req: IncomingMessage): Record<string, unknown> {
  const at = req.url!.indexOf('?');
  return at < 0 ? {} : { ...parseQuery(req.url!.slice(at + 1)) };
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
