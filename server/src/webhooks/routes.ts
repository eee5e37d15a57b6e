import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { Webhooks } from './service';

export function webhookRoutes(webhooks: Webhooks): Router {
  const router = Router();
  serve(router, endpoints.webhooks.list, async () => ({ items: await webhooks.list() }));
  serve(router, endpoints.webhooks.create, ({ body }) => webhooks.create(body));
  serve(router, endpoints.webhooks.get, ({ params }) => webhooks.get(params.webhookId!));
  serve(router, endpoints.webhooks.update, ({ params, body }) => webhooks.update(params.webhookId!, body));
  serve(router, endpoints.webhooks.remove, async ({ params }) => {
    await webhooks.remove(params.webhookId!);
    return {};
  });
  serve(router, endpoints.webhooks.test, ({ params, body }) => webhooks.test(params.webhookId!, body.event));
  serve(router, endpoints.webhooks.deliveries, ({ params, query }) => webhooks.deliveries(params.webhookId!, query));
  serve(router, endpoints.webhooks.redeliver, ({ params }) => webhooks.redeliver(params.webhookId!, params.deliveryId!));
  return router;
}
