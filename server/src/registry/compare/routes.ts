import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../../core/endpoint-router';
import type { ModelComparisons } from './service';
import type { UriComparisons } from './uri-comparison';

export function comparisonRoutes(comparison: ModelComparisons, ofUris: UriComparisons): Router {
  const router = Router();
  serve(router, endpoints.comparison.compare, ({ params, query }) => comparison.compare(params.name!, query));
  serve(router, endpoints.comparison.making, ({ params }) => comparison.making(params.name!, params.version!));
  serve(router, endpoints.comparison.compareUris, ({ query }) => ofUris.compare(query));
  return router;
}
