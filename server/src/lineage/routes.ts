import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { Lineage } from './service';

export function lineageRoutes(lineage: Lineage): Router {
  const router = Router();
  serve(router, endpoints.lineage.graph, ({ query }) => lineage.graph(query));
  return router;
}
