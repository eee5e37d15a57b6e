import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { LineageGraphs } from './graph';

export function lineageRoutes(graphs: LineageGraphs): Router {
  const router = Router();
  serve(router, endpoints.lineage.graph, ({ query }) => graphs.graph(query));
  return router;
}
