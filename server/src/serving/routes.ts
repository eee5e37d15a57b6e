import express, { Router, type Request, type Response } from 'express';
import { needs } from '../core/endpoint-router';
import { UnsupportedMediaType } from '../core/errors';
import type { Serving } from './service';

const CONTENT_TYPES = ['application/json', 'text/csv', 'application/vnd.apache.parquet'];
const LARGEST_BODY = '64mb';

/**
 * `POST /models/:name/:version/invocations`, at the server's root as MLflow
 * has it; `version` is a number, `latest` or `@alias`.
 */
export function servingRoutes(serving: Serving): Router {
  const router = Router();
  router.post('/models/:name/:version/invocations', needs('predictions:create'), refuseOtherTypes, express.raw({ type: () => true, limit: LARGEST_BODY }), async (req, res) => {
    const { name, version } = req.params as { name: string; version: string };
    const predictions = await serving.predict(name, version, {
      contentType: req.headers['content-type']!,
      body: Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
      signal: goneSignal(res)
    });
    // Bytes as the model's process wrote them, NaN included: MLflow's clients read it, and nothing is parsed twice.
    res.type('application/json').send(predictions);
  });
  return router;
}

function refuseOtherTypes(req: Request, _res: Response, next: () => void): void {
  const type = (req.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (!CONTENT_TYPES.includes(type)) {
    throw new UnsupportedMediaType('unsupported_content_type', `Send the rows as one of ${CONTENT_TYPES.join(', ')}.`);
  }
  next();
}

/** Aborts when the client leaves before its answer. */
function goneSignal(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  return gone.signal;
}
