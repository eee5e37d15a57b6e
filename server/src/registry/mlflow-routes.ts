import { z } from 'zod';
import { Conflict, InvalidInput } from '../core/errors';
import type { Db } from '../database';
import { mlflow } from '../tracking';
import { toStage } from './names';
import { registrySearch } from './search';
import type { Registry } from './service';
import type { ModelView, VersionView } from './views';

const { Id, Tag, Text, PageToken, int8, list, mlflowRoute, pageSize } = mlflow;
const Name = z.object({ name: z.string() });
const Version = Name.extend({ version: z.coerce.string() });

/** MLflow's model registry API. */
export function mlflowRegistryRoutes(db: Db, registry: Registry): mlflow.MlflowRoute[] {
  return [...modelRoutes(db, registry), ...versionRoutes(db, registry), ...aliasRoutes(registry)];
}

function modelRoutes(db: Db, registry: Registry): mlflow.MlflowRoute[] {
  const latest = async (input: { name: string; stages: string[] }) => {
    const { latest } = await registry.get(input.name);
    const wanted = input.stages.map(s => toStage(s));
    return { model_versions: latest.filter(v => wanted.length === 0 || wanted.includes(v.row.current_stage)).map(toListed) };
  };
  const Latest = Name.extend({ stages: list(z.string()) });
  return [
    mlflowRoute('post', '/registered-models/create', 'registry:write', Name.extend({ description: z.string().nullish(), tags: list(Tag) }), async ({ input }) => ({
      registered_model: toModel(await registry.create({ name: input.name, description: input.description ?? '', tags: input.tags }))
    })),
    mlflowRoute('get', '/registered-models/get', 'registry:read', Name, async ({ input }) => ({ registered_model: toModel(await registry.get(input.name)) })),
    mlflowRoute('post', '/registered-models/rename', 'registry:write', Name.extend({ new_name: z.string() }), async ({ input, caller }) => ({ registered_model: toModel(await registry.rename(input.name, input.new_name, caller)) })),
    mlflowRoute('patch', '/registered-models/update', 'registry:write', Name.extend({ description: z.string().default('') }), async ({ input }) => ({ registered_model: toModel(await registry.describe(input.name, input.description)) })),
    mlflowRoute('delete', '/registered-models/delete', 'registry:write', Name, async ({ input, caller }) => done(registry.remove(input.name, caller))),
    mlflowRoute('get', '/registered-models/search', 'registry:read', z.object({ filter: z.string().default(''), max_results: pageSize(100, 1_000), order_by: list(z.string()), page_token: PageToken }), async ({ input }) => {
      const page = await registrySearch(db).models({ filter: input.filter, orderBy: input.order_by, maxResults: input.max_results, pageToken: input.page_token });
      return { registered_models: (await registry.view(page.rows)).map(toModel), ...(page.nextPageToken && { next_page_token: page.nextPageToken }) };
    }),
    mlflowRoute('post', '/registered-models/get-latest-versions', 'registry:read', Latest, ({ input }) => latest(input)),
    mlflowRoute('get', '/registered-models/get-latest-versions', 'registry:read', Latest, ({ input }) => latest(input)),
    mlflowRoute('post', '/registered-models/set-tag', 'registry:write', Name.extend({ key: Text, value: Text }), async ({ input }) => done(registry.setTag(input.name, input.key, input.value))),
    mlflowRoute('delete', '/registered-models/delete-tag', 'registry:write', Name.extend({ key: Text }), async ({ input }) => done(registry.deleteTag(input.name, input.key)))
  ];
}

function versionRoutes(db: Db, registry: Registry): mlflow.MlflowRoute[] {
  const one = async (name: string, version: string) => ({ model_version: toVersion(await registry.version(name, version)) });
  return [
    mlflowRoute('post', '/model-versions/create', 'registry:write', Name.extend({ source: Id, run_id: Text.nullish(), run_link: Text.nullish(), model_id: Text.nullish(), description: z.string().nullish(), tags: list(Tag) }), async ({ input, caller }) => ({
      model_version: toVersion(
        await gated(registry.createVersion({
          name: input.name,
          source: input.source,
          runId: input.run_id || null,
          runLink: input.run_link || null,
          modelId: input.model_id || null,
          description: input.description ?? '',
          userId: caller.id,
          tags: Object.fromEntries(input.tags.map(t => [t.key, t.value])),
          mustHaveSignature: true
        }))
      )
    })),
    mlflowRoute('get', '/model-versions/get', 'registry:read', Version, ({ input }) => one(input.name, input.version)),
    mlflowRoute('patch', '/model-versions/update', 'registry:write', Version.extend({ description: z.string().default('') }), async ({ input, caller }) => {
      await registry.describeVersion(input.name, input.version, input.description, caller.id);
      return one(input.name, input.version);
    }),
    mlflowRoute('post', '/model-versions/transition-stage', 'registry:write', Version.extend({ stage: z.string(), archive_existing_versions: z.boolean().default(false) }), async ({ input, caller }) => {
      await gated(registry.transition(input.name, input.version, input.stage, { archiveExisting: input.archive_existing_versions, by: caller.id }));
      return one(input.name, input.version);
    }),
    mlflowRoute('delete', '/model-versions/delete', 'registry:write', Version, async ({ input, caller }) => done(registry.removeVersion(input.name, input.version, caller))),
    mlflowRoute('get', '/model-versions/get-download-uri', 'registry:read', Version, async ({ input }) => {
      const { row } = await registry.version(input.name, input.version);
      return { artifact_uri: row.storage_folder === null ? row.source : `mlflow-artifacts:/${row.storage_folder}` };
    }),
    mlflowRoute('get', '/model-versions/search', 'registry:read', z.object({ filter: z.string().default(''), max_results: pageSize(10_000, 200_000), order_by: list(z.string()), page_token: PageToken }), async ({ input }) => {
      const page = await registrySearch(db).versions({ filter: input.filter, orderBy: input.order_by, maxResults: input.max_results, pageToken: input.page_token });
      return { model_versions: (await registry.viewVersions(page.rows)).map(toListed), ...(page.nextPageToken && { next_page_token: page.nextPageToken }) };
    }),
    mlflowRoute('post', '/model-versions/set-tag', 'registry:write', Version.extend({ key: Text, value: Text }), async ({ input, caller }) => done(registry.tagVersion(input.name, input.version, input.key, input.value, caller.id))),
    mlflowRoute('delete', '/model-versions/delete-tag', 'registry:write', Version.extend({ key: Text }), async ({ input, caller }) => done(registry.tagVersion(input.name, input.version, input.key, null, caller.id)))
  ];
}

function aliasRoutes(registry: Registry): mlflow.MlflowRoute[] {
  const Alias = Name.extend({ alias: z.string() });
  return [
    mlflowRoute('post', '/registered-models/alias', 'registry:write', Alias.extend({ version: z.coerce.string() }), async ({ input, caller }) => done(gated(registry.setAlias(input.name, input.alias, input.version, { by: caller.id })))),
    mlflowRoute('delete', '/registered-models/alias', 'registry:write', Alias, async ({ input, caller }) => done(registry.deleteAlias(input.name, input.alias, caller))),
    mlflowRoute('get', '/registered-models/alias', 'registry:read', Alias, async ({ input }) => ({ model_version: toVersion(await registry.byAlias(input.name, input.alias)) }))
  ];
}

const REFUSALS = new Set(['gates_failed', 'gates_pending', 'approval_required', 'signature_required']);

/** A version that its gates keep out is, in MLflow's words, a wrong parameter. */
async function gated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw cause instanceof Conflict && REFUSALS.has(cause.code) ? new InvalidInput(cause.code, cause.message, { cause }) : cause;
  }
}

async function done(work: Promise<void>): Promise<object> {
  await work;
  return {};
}

function toModel(view: ModelView) {
  return {
    name: view.row.name,
    creation_timestamp: int8(view.row.creation_time),
    last_updated_timestamp: int8(view.row.last_update_time),
    ...(view.row.description !== '' && { description: view.row.description }),
    latest_versions: view.latest.map(toListed),
    tags: view.tags,
    aliases: view.aliases.map(a => ({ alias: a.alias, version: String(a.version) }))
  };
}

/** In a list, where MLflow leaves the aliases out. */
function toListed(view: VersionView) {
  return { ...toVersion(view), aliases: [] };
}

function toVersion({ row, tags, aliases }: VersionView) {
  return {
    name: row.model_name,
    version: String(row.version),
    creation_timestamp: int8(row.creation_time),
    last_updated_timestamp: int8(row.last_update_time),
    user_id: row.user_id,
    current_stage: row.current_stage,
    description: row.description,
    source: row.source,
    run_id: row.run_id ?? '',
    status: 'READY',
    tags,
    aliases,
    run_link: row.run_link ?? '',
    ...(row.model_id !== null && { model_id: row.model_id })
  };
}
