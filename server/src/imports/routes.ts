import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { Imports } from './service';

export function importRoutes(imports: Imports): Router {
  const router = Router();
  serve(router, endpoints.imports.runs, ({ body }) => imports.runs(body));
  serve(router, endpoints.imports.model, ({ body }) => imports.model(body));
  return router;
}
