import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../../core/endpoint-router';
import type { RunChanger } from './service';

export function runChangeRoutes(changer: RunChanger): Router {
  const router = Router();
  serve(router, endpoints.runChanges.change, ({ body }) => changer.change(body.changes));
  return router;
}
