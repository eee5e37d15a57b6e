import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../core/endpoint-router';
import type { Sweeps } from './service';

export function sweepRoutes(sweeps: Sweeps): Router {
  const router = Router();
  const e = endpoints.sweeps;
  serve(router, e.create, ({ body, caller }) => sweeps.create(body, caller.id));
  serve(router, e.list, ({ query }) => sweeps.list(query));
  serve(router, e.metrics, ({ params }) => sweeps.metrics(params.name!));
  serve(router, e.get, ({ params }) => sweeps.get(params.sweepId!));
  serve(router, e.trials, ({ params, query }) => sweeps.trials(params.sweepId!, query));
  serve(router, e.reports, ({ params }) => sweeps.reports(params.sweepId!, params.number!));
  serve(router, e.importances, ({ params, query }) => sweeps.importances(params.sweepId!, query.method));
  serve(router, e.pause, ({ params }) => sweeps.pause(params.sweepId!));
  serve(router, e.resume, ({ params }) => sweeps.resume(params.sweepId!));
  serve(router, e.cancel, ({ params }) => sweeps.cancel(params.sweepId!));
  serve(router, e.extend, ({ params, body }) => sweeps.extend(params.sweepId!, body));
  serve(router, e.adopt, ({ params, caller }) => sweeps.adopt(params.sweepId!, caller.id));
  serve(router, e.remove, async ({ params }) => {
    await sweeps.remove(params.sweepId!);
    return {};
  });
  return router;
}
