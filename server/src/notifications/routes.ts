import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { Notifications } from './service';

export function notificationRoutes(notifications: Notifications): Router {
  const router = Router();
  serve(router, endpoints.notifications.list, ({ query }) => notifications.list(query));
  return router;
}
