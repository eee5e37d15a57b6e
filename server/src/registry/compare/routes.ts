import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../../core/endpoint-router';
import type { ModelComparisons } from './service';

export function comparisonRoutes(comparison: ModelComparisons): Router {
  const router = Router();
  serve(router, endpoints.comparison.compare, ({ params, query }) => comparison.compare(params.name!, query));
  serve(router, endpoints.comparison.making, ({ params }) => comparison.making(params.name!, params.version!));
  return router;
}
