import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../../core/endpoint-router';
import type { SameInputsFinder } from './service';

export function sameInputsRoutes(finder: SameInputsFinder): Router {
  const router = Router();
  serve(router, endpoints.lineage.sameInputsOfRun, ({ params, query }) => finder.ofRun(params.runId!, query));
  serve(router, endpoints.lineage.sameInputs, ({ body }) => finder.of(body));
  return router;
}
