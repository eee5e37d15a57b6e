import type { RequestHandler } from 'express';
import { UnsupportedMediaType } from '../core/errors';

/** A body of /api/v1 is JSON and says so; a form a foreign page can send never is. */
export const jsonBodiesOnly: RequestHandler = (req, _res, next) => {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (hasBody && !req.is('application/json')) {
    throw new UnsupportedMediaType('not_json', 'Send the body as application/json.');
  }
  next();
};
