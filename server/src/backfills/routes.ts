import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { Backfills } from './service';

export function backfillRoutes(backfills: Backfills): Router {
  const router = Router();
  const e = endpoints.backfills;
  serve(router, e.preview, ({ params, body }) => backfills.preview(params.name!, body));
  serve(router, e.create, ({ params, body, caller }) => backfills.create(params.name!, body, caller.id));
  serve(router, e.list, ({ params, query }) => backfills.list(params.name!, query));
  serve(router, e.get, ({ params }) => backfills.get(params.backfillId!));
  serve(router, e.items, ({ params, query }) => backfills.items(params.backfillId!, query));
  serve(router, e.change, ({ params, body }) => backfills.setConcurrency(params.backfillId!, body.maxConcurrent));
  serve(router, e.pause, ({ params }) => backfills.pause(params.backfillId!));
  serve(router, e.resume, ({ params }) => backfills.resume(params.backfillId!));
  serve(router, e.cancel, ({ params }) => backfills.cancel(params.backfillId!));
  serve(router, e.retryFailed, ({ params }) => backfills.retryFailed(params.backfillId!));
  return router;
}
