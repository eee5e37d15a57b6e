import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { Scheduler } from './service';

export function schedulerRoutes(scheduler: Scheduler): Router {
  const router = Router();
  serve(router, endpoints.scheduler.listJobs, ({ query }) => scheduler.listJobs(query));
  serve(router, endpoints.scheduler.listEngines, () => scheduler.listEngines());
  return router;
}
