import { endpoints, SecretName } from '@slipway/schema';
import { Router } from 'express';
import { personOf, serve } from '../core/endpoint-router';
import { InvalidInput } from '../core/errors';
import type { Secrets } from './service';

export function secretRoutes(secrets: Secrets): Router {
  const router = Router();
  const e = endpoints.secrets;
  serve(router, e.list, () => secrets.list());
  serve(router, e.set, ({ params, body, caller }) => secrets.set(secretName(params.name!), body.value, personOf(caller)));
  serve(router, e.remove, async ({ params }) => {
    await secrets.remove(params.name!);
    return {};
  });
  return router;
}

function secretName(text: string): string {
  const name = SecretName.safeParse(text);
  if (!name.success) {
    throw new InvalidInput('invalid_secret_name', name.error.issues[0]!.message);
  }
  return name.data;
}
