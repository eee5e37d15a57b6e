import { endpoints } from '@slipway/schema';
import { Router } from 'express';
import { personOf, serve } from '../core/endpoint-router';
import type { Access } from './service';

export function accessRoutes(access: Access): Router {
  const router = Router();
  serve(router, endpoints.access.me, async ({ caller }) => ({ person: personOf(caller), permissions: [...caller.permissions] }));
  serve(router, endpoints.access.listTokens, () => access.listTokens());
  serve(router, endpoints.access.createToken, ({ body }) => access.createToken(body));
  serve(router, endpoints.access.revokeToken, async ({ params }) => {
    await access.revokeToken(params.tokenId!);
    return {};
  });
  return router;
}
