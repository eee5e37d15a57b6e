import { endpoints } from '@slipway/schema';
import express, { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { Triggers } from './service';

const HOOK_LIMIT = '5mb';

export function triggerRoutes(triggers: Triggers): Router {
  const router = Router();
  const e = endpoints.triggers;
  serve(router, e.list, ({ params }) => triggers.list(params.name!));
  serve(router, e.create, ({ params, body, caller }) => triggers.create(params.name!, body, caller.id));
  serve(router, e.get, ({ params }) => triggers.get(params.triggerId!));
  serve(router, e.replace, ({ params, body }) => triggers.replace(params.triggerId!, body));
  serve(router, e.remove, async ({ params }) => {
    await triggers.remove(params.triggerId!);
    return {};
  });
  serve(router, e.renewSecret, ({ params }) => triggers.renewSecret(params.triggerId!));
  serve(router, e.fire, ({ params, body, caller }) => triggers.fire(params.triggerId!, body.data, caller.id));
  serve(router, e.firings, ({ params, query }) => triggers.firings(params.triggerId!, query));
  serve(router, e.tell, async ({ body }) => {
    await triggers.tell(body);
    return {};
  });
  return router;
}

/**
 * `POST /hooks/:triggerId`: what other systems call. They hold no token of
 * ours: the call itself is signed with the trigger's secret, over its bytes.
 */
export function hookRoutes(triggers: Triggers): Router {
  const router = Router();
  router.post('/hooks/:triggerId', express.raw({ type: () => true, limit: HOOK_LIMIT }), async (req, res) => {
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    res.status(202).json(await triggers.hook(req.params.triggerId, req.headers, body));
  });
  return router;
}
