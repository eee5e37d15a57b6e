import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../../core/endpoint-router';
import type { Sessions } from './service';

export function sessionRoutes(sessions: Sessions): Router {
  const router = Router();
  const e = endpoints.sessions;
  serve(router, e.record, ({ body, caller }) => sessions.record(body.records, caller));
  serve(router, e.list, ({ query }) => sessions.list(query));
  serve(router, e.get, ({ params }) => sessions.get(params.sessionId!));
  serve(router, e.listExecutions, ({ params, query }) => sessions.listExecutions(params.sessionId!, query));
  serve(router, e.listTrials, ({ params, query }) => sessions.listTrials(params.sessionId!, query));
  serve(router, e.markMetric, async ({ params, body }) => {
    await sessions.markMetric(params.sessionId!, body);
    return {};
  });
  return router;
}
