import type { ErrorRequestHandler, RequestHandler } from 'express';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERROR_HEADERS, toAppError } from '../../core/error-handler';
import { NotFound } from '../../core/errors';
import type { Log } from '../../core/log';
import { sendJson } from './wire';

const BY_STATUS: Record<number, { status: number; code: string }> = {
  400: { status: 400, code: 'INVALID_PARAMETER_VALUE' },
  401: { status: 401, code: 'UNAUTHENTICATED' },
  403: { status: 403, code: 'PERMISSION_DENIED' },
  404: { status: 404, code: 'RESOURCE_DOES_NOT_EXIST' },
  409: { status: 400, code: 'INVALID_STATE' },
  413: { status: 413, code: 'INVALID_PARAMETER_VALUE' },
  415: { status: 400, code: 'INVALID_PARAMETER_VALUE' },
  503: { status: 503, code: 'TEMPORARILY_UNAVAILABLE' },
  507: { status: 507, code: 'RESOURCE_EXHAUSTED' }
};

/** What MLflow 3.18 says beside every code of its own. */
const SQLSTATE = 'KAM00';
const CLASSES: Record<string, string> = { RESOURCE_DOES_NOT_EXIST: 'RESOURCE_NOT_FOUND', BAD_REQUEST: 'INVALID_PARAMETER_VALUE' };

/** Codes whose kind the status alone does not tell. */
const BY_CODE: Record<string, string> = { no_such_route: 'ENDPOINT_NOT_FOUND', experiment_name_taken: 'BAD_REQUEST' };

/** Says so in MLflow's shape: its clients fall back to older endpoints by this code. */
export const mlflowNotFound: RequestHandler = req => {
  throw new NotFound('no_such_route', `There is no ${req.method} ${req.originalUrl.split('?')[0]} here.`);
};

/** Last middleware of MLflow's routes: every failure in MLflow's shape. */
export function mlflowErrorHandler(log: Log): ErrorRequestHandler {
  return (err, req, res, next) => (res.headersSent ? next(err) : answerError(err, req, res, log));
}

/** Answers what was thrown, or breaks the connection where half an answer is out already. */
export function answerError(err: unknown, req: IncomingMessage, res: ServerResponse, log: Log): void {
  const known = toAppError(err);
  if (!known) {
    const requestId = randomUUID();
    log.error({ err, requestId, method: req.method, path: req.url?.split('?')[0] }, 'unexpected error');
    return res.headersSent ? void res.destroy() : sendJson(res, 500, { error_code: 'INTERNAL_ERROR', message: `Internal error; the log has it under ${requestId}.` });
  }
  const { status, code } = BY_STATUS[known.status] ?? { status: known.status, code: 'BAD_REQUEST' };
  const errorCode = known.code.endsWith('_exists') ? 'RESOURCE_ALREADY_EXISTS' : (BY_CODE[known.code] ?? code);
  sendJson(res, status, { error_code: errorCode, message: known.message, sqlstate: SQLSTATE, error_class: CLASSES[errorCode] ?? errorCode }, ERROR_HEADERS[status]);
}
