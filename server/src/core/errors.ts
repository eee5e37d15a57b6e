/**
 * The only errors a service throws on purpose. Anything else that reaches the
 * HTTP edge is a bug: it is logged whole and answered as a bare 500.
 */
export abstract class AppError extends Error {
  abstract readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 503 | 507;
  /** Stable, documented, machine-readable; never reworded once released. */
  readonly code: string;
  readonly errors?: { path: string; message: string }[];

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; errors?: { path: string; message: string }[] } = {}
  ) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.errors = options.errors;
  }
}

/** The request is wrong as it stands; sending it again changes nothing. */
export class InvalidInput extends AppError {
  readonly status = 400;
}
/** No token, or one that is unknown, expired or revoked. */
export class Unauthenticated extends AppError {
  readonly status = 401;
}
/** The caller is known and lacks the permission the route declares. */
export class Forbidden extends AppError {
  readonly status = 403;
}
export class NotFound extends AppError {
  readonly status = 404;
}
/** Well-formed, but not possible in the state things are in. */
export class Conflict extends AppError {
  readonly status = 409;
}
export class TooLarge extends AppError {
  readonly status = 413;
}
export class UnsupportedMediaType extends AppError {
  readonly status = 415;
}
/** A part the daemon needs is away for now (database, worker); try again later. */
export class Unavailable extends AppError {
  readonly status = 503;
}
/** The disk is full; nothing was stored. */
export class StorageFull extends AppError {
  readonly status = 507;
}
