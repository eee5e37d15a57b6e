import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { serve } from '../../core/endpoint-router';
import type { Promotions } from './service';

export function promotionRoutes(promotions: Promotions): Router {
  const router = Router();
  serve(router, endpoints.promotions.request, ({ params, body, caller }) => promotions.request(params.name!, params.version!, body, caller));
  serve(router, endpoints.promotions.list, ({ params, query }) => promotions.list(params.name!, query));
  serve(router, endpoints.promotions.listAll, ({ query }) => promotions.list(null, query));
  serve(router, endpoints.promotions.get, ({ params }) => promotions.get(params.promotionId!));
  serve(router, endpoints.promotions.approve, ({ params, body, caller }) => promotions.approve(params.promotionId!, body, caller));
  serve(router, endpoints.promotions.reject, ({ params, body, caller }) => promotions.reject(params.promotionId!, body.comment, caller));
  serve(router, endpoints.promotions.withdraw, ({ params, body, caller }) => promotions.withdraw(params.promotionId!, body.comment ?? null, caller));
  return router;
}
