import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { System } from './service';

export function systemRoutes(system: System): Router {
  const router = Router();
  serve(router, endpoints.system.status, () => system.status());
  return router;
}
