import { endpoints, type RegisteredModel } from '@slipway/schema';
import { Router } from 'express';
import type { Artifacts } from '../artifacts';
import { serve } from '../core/endpoint-router';
import type { Db } from '../database';
import type { Tracking } from '../tracking';
import { describeVersion } from './details';
import type { Registry } from './service';
import type { ModelView } from './views';

export function registryRoutes(deps: { db: Db; artifacts: Artifacts; tracking: Tracking; registry: Registry }): Router {
  const { registry } = deps;
  const router = Router();
  serve(router, endpoints.registry.list, async () => ({ items: await Promise.all((await registry.list()).map(view => toModel(registry, view))) }));
  serve(router, endpoints.registry.listVersions, async ({ params }) => ({ items: await Promise.all((await registry.versions(params.name!)).map(v => describeVersion(deps, v))) }));
  serve(router, endpoints.registry.version, async ({ params }) => {
    const { name, version } = await registry.resolve(params.name!, params.version!);
    return describeVersion(deps, await registry.version(name, version));
  });
  serve(router, endpoints.registry.setAlias, async ({ params, body }) => {
    await (body.version === null ? registry.deleteAlias(params.name!, params.alias!) : registry.setAlias(params.name!, params.alias!, body.version));
    return toModel(registry, await registry.get(params.name!));
  });
  return router;
}

async function toModel(registry: Registry, view: ModelView): Promise<RegisteredModel> {
  const versions = await registry.versions(view.row.name);
  return {
    name: view.row.name,
    description: view.row.description,
    aliases: Object.fromEntries(view.aliases.map(a => [a.alias, String(a.version)])),
    latestVersion: versions[0] ? String(versions[0].row.version) : null,
    versionCount: versions.length,
    createdAt: new Date(Number(view.row.creation_time)).toISOString(),
    updatedAt: new Date(Number(view.row.last_update_time)).toISOString()
  };
}
