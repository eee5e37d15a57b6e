import type { Problem } from '@slipway/schema';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { STATUS_CODES } from 'node:http';
import { AppError, InvalidInput, NotFound, StorageFull, Unavailable } from './errors';
import type { Log } from './log';

/** What an answer of a status says beside its body: how to come in, and after how many seconds to ask again. */
export const ERROR_HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer realm="slipway"' },
  503: { 'retry-after': '2' }
};

/** After all routes. @throws {NotFound} `no_such_route` */
export const noSuchRoute: RequestHandler = () => {
  throw new NotFound('no_such_route', 'There is no such route; /docs lists them all.');
};

/** Last middleware of /api/v1: answers any thrown value as RFC 9457 problem details. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (err, req, res, next) => {
    if (res.headersSent) {
      return next(err);
    }
    const known = toAppError(err);
    const requestId = String(res.locals.requestId);
    if (!known) {
      log.error({ err, requestId, method: req.method, path: req.path }, 'unexpected error');
    }
    const status = known?.status ?? 500;
    const problem: Problem = {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      code: known?.code ?? 'internal',
      // A bug's message may hold SQL or paths, so none of it leaves the server.
      detail: known?.message ?? 'Internal error; the log has it under the request id.',
      ...(known?.errors && { errors: known.errors }),
      requestId
    };
    res.set(ERROR_HEADERS[status] ?? {});
    res.status(status).type('application/problem+json').json(problem);
  };
}

/** True for errors that say no more than: the database is away for now. */
export function isDatabaseAway(err: unknown): boolean {
  return toAppError(err)?.code === 'database_away';
}

/** What a thrown value means to a caller; undefined where it is a bug of ours. */
export function toAppError(err: unknown): { status: number; code: string; message: string; errors?: AppError['errors'] } | undefined {
  if (err instanceof AppError) {
    return err;
  }
  if (!(err instanceof Error)) {
    return undefined;
  }
  // body-parser marks with `expose` what the client may know: bad JSON, body too large.
  if ('expose' in err && err.expose === true && 'status' in err) {
    return { status: Number(err.status), code: 'type' in err ? String(err.type).replaceAll('.', '_') : 'invalid_request', message: err.message };
  }
  if (err instanceof URIError) {
    return { status: 400, code: 'invalid_url', message: 'The URL is not valid percent-encoding.' };
  }
  const code = 'code' in err ? String(err.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100') {
    return new StorageFull('storage_full', 'The disk is full: nothing was stored. Free some space and try again.', { cause: err });
  }
  // A NUL, which PostgreSQL cannot keep, in text that no schema looked at (a filter, a key in a path).
  if (code === '22021' || code === '22P05') {
    return new InvalidInput('invalid_text', 'The request holds a character that cannot be stored (NUL).', { cause: err });
  }
  // An id that is none, or half a surrogate pair in JSON, where no schema looked.
  if (code === '22P02') {
    return new InvalidInput('invalid_value', 'The request holds a value that cannot be stored: an id that is none, or a text with half a character.', { cause: err });
  }
  if (code === '22003' || code === '22008') {
    return new InvalidInput('out_of_range', 'A number or a time in the request is larger than can be stored.', { cause: err });
  }
  // 57P0x: PostgreSQL is shutting down or starting; 53300: it has no connection to spare; 08xxx and the socket errors: it is away.
  if (/^(57P0[1-3]|53300|08...|ECONNREFUSED|ECONNRESET|EPIPE|ERR_STREAM_DESTROYED|ERR_STREAM_WRITE_AFTER_END|ENOENT)$/.test(code) || /Connection terminated|timeout exceeded when trying to connect|is not queryable/.test(err.message)) {
    return code === 'ENOENT' && !('syscall' in err && err.syscall === 'connect')
      ? undefined
      : new Unavailable('database_away', 'The database is away for the moment; try again shortly.', { cause: err });
  }
  return undefined;
}
