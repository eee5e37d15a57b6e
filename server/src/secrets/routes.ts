import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { personOf, serve } from '../core/endpoint-router';
import type { Secrets } from './service';

export function secretRoutes(secrets: Secrets): Router {
  const router = Router();
  const e = endpoints.secrets;
  serve(router, e.list, () => secrets.list());
  serve(router, e.set, ({ params, body, caller }) => secrets.set(params.name!, body.value, personOf(caller)));
  serve(router, e.remove, async ({ params }) => {
    await secrets.remove(params.name!);
    return {};
  });
  return router;
}
