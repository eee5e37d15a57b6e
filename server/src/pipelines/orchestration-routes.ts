import { endpoints, PoolName } from '@slipway/schema';
import { Router } from 'express';
import { personOf, serve } from '../core/endpoint-router';
import { InvalidInput } from '../core/errors';
import type { Pipelines } from './service';

/** Options, maps, people and pools of pipelines. */
export function orchestrationRoutes({ definitions, items, notebook, approvals, pools }: Pipelines): Router {
  const router = Router();
  const e = endpoints.orchestration;
  serve(router, e.setOptions, ({ params, query, body, caller }) => definitions.setOptions(params.name!, body, caller.id, query.expectedVersion));
  serve(router, e.items, ({ params, query }) => items.list(params.runId!, params.step!, query));
  serve(router, e.itemNotebook, ({ params }) => notebook(params.runId!, params.step!, /^\d{1,9}$/.test(params.index!) ? Number(params.index) : -1));
  serve(router, e.approvals, ({ query, caller }) => approvals.list(query, caller));
  serve(router, e.decide, ({ params, body, caller }) => approvals.decide(params.runId!, params.step!, body, caller));
  serve(router, e.pools, () => pools.list());
  serve(router, e.setPool, ({ params, body, caller }) => pools.set(poolName(params.pool!), body, personOf(caller)));
  serve(router, e.removePool, async ({ params }) => {
    await pools.remove(params.pool!);
    return {};
  });
  return router;
}

function poolName(text: string): string {
  const name = PoolName.safeParse(text);
  if (!name.success) {
    throw new InvalidInput('invalid_pool_name', name.error.issues[0]!.message);
  }
  return name.data;
}
