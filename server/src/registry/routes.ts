import { endpoints, type ModelVersion, type RegisteredModel } from '@slipway/schema';
import { Router } from 'express';
import type { Artifacts } from '../artifacts';
import { serve, type Caller } from '../core/endpoint-router';
import { Forbidden } from '../core/errors';
import type { Db } from '../database';
import type { Tracking } from '../tracking';
import { describeVersion } from './details';
import { gateRoutes } from './gates';
import type { Registry } from './service';
import type { ModelView, VersionView } from './views';

export function registryRoutes(deps: { db: Db; artifacts: Artifacts; tracking: Tracking; registry: Registry }): Router {
  const { registry } = deps;
  const router = Router();
  const describe = async (name: string, versions: VersionView[]): Promise<ModelVersion[]> => {
    const evaluations = await registry.latestEvaluations(name, versions.map(v => v.row.version));
    return Promise.all(versions.map(async v => ({ ...(await describeVersion(deps, v)), gates: evaluations.get(v.row.version) ?? null })));
  };
  serve(router, endpoints.registry.list, async () => ({ items: await Promise.all((await registry.list()).map(view => toModel(registry, view))) }));
  serve(router, endpoints.registry.listVersions, async ({ params }) => ({ items: await describe(params.name!, await registry.versions(params.name!)) }));
  serve(router, endpoints.registry.version, async ({ params }) => {
    const { name, version } = await registry.resolve(params.name!, params.version!);
    return (await describe(name, [await registry.version(name, version)]))[0]!;
  });
  serve(router, endpoints.registry.editVersion, async ({ params, body, caller }) => {
    await registry.editVersion(params.name!, params.version!, body, caller.id);
    return (await describe(params.name!, [await registry.version(params.name!, params.version!)]))[0]!;
  });
  serve(router, endpoints.registry.setAlias, async ({ params, body, caller }) => {
    const [name, alias] = [params.name!, params.alias!];
    if (body.version === null) {
      await registry.deleteAlias(name, alias, caller);
    } else if (body.isUndo) {
      await registry.giveAliasBack(name, alias, body.version, caller.id);
    } else {
      await registry.setAlias(name, alias, body.version, { by: caller.id, overrideComment: mayOverride(caller, body.overrideComment) });
    }
    return toModel(registry, await registry.get(name));
  });
  serve(router, endpoints.registry.history, ({ params, query }) => registry.history(params.name!, params.version!, query));
  router.use(gateRoutes(registry));
  return router;
}

/** @throws {Forbidden} unless an approver overrides */
function mayOverride(caller: Caller, comment: string | undefined): string | undefined {
  if (comment !== undefined && !caller.permissions.has('registry:approve')) {
    throw new Forbidden('forbidden', 'Only who has the permission registry:approve may override a gate.');
  }
  return comment;
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
