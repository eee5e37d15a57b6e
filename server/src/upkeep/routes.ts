import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { personOf, serve } from '../core/endpoint-router';
import type { Upkeep } from './service';

export function upkeepRoutes(upkeep: Upkeep): Router {
  const router = Router();
  const e = endpoints.upkeep;
  serve(router, e.retention, ({ params }) => upkeep.retention(params.experimentId!));
  serve(router, e.setRetention, async ({ params, body, caller }) => {
    await upkeep.setRetention(params.experimentId!, body, personOf(caller));
    return upkeep.retention(params.experimentId!);
  });
  serve(router, e.removeRetention, async ({ params }) => {
    await upkeep.removeRetention(params.experimentId!);
    return {};
  });
  serve(router, e.previewRetention, ({ params, body }) => upkeep.preview(params.experimentId!, body));
  serve(router, e.sweep, () => upkeep.sweep());
  serve(router, e.purge, ({ body, caller }) => upkeep.purge(body, personOf(caller)));
  return router;
}
