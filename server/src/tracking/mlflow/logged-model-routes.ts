import { z } from 'zod';
import type { Artifacts } from '../../artifacts';
import { artifactRoot, type Tracking } from '../service';
import { toLoggedModel } from './mapping';
import { Id, PageToken, Tag, Text, list, pageSize } from './fields';
import { mlflowRoute, type MlflowRoute } from './routes';

const STATUS: Record<string, string> = { '1': 'LOGGED_MODEL_PENDING', '2': 'LOGGED_MODEL_READY', '3': 'LOGGED_MODEL_UPLOAD_FAILED' };
const Status = z.coerce.string().transform(s => STATUS[s] ?? s).pipe(z.enum(Object.values(STATUS)));
const record = (tags: readonly { key: string; value: string }[]): Record<string, string> => Object.fromEntries(tags.map(t => [t.key, t.value]));

const OnDataset = z.object({ dataset_name: Id, dataset_digest: Text.nullish() });
const Search = z.object({
  experiment_ids: list(z.coerce.string()).refine(ids => ids.length > 0, 'at least one experiment is needed'),
  filter: z.string().nullish().transform(f => f ?? ''),
  datasets: list(OnDataset),
  order_by: list(z.object({ field_name: Id, ascending: z.boolean().default(true), dataset_name: Text.nullish(), dataset_digest: Text.nullish() })),
  max_results: pageSize(100, 1_000),
  page_token: PageToken
});
const onDataset = (d: z.output<typeof OnDataset>): { name: string; digest: string | null } => ({ name: d.dataset_name, digest: d.dataset_digest || null });

export function loggedModelRoutes({ loggedModels }: Tracking, artifacts: Artifacts): MlflowRoute[] {
  return [
    mlflowRoute('post', '/logged-models', 'runs:write', z.object({ experiment_id: z.coerce.string(), name: Text.nullish(), model_type: Text.nullish(), source_run_id: Text.nullish(), params: list(Tag), tags: list(Tag) }), async ({ input }) => ({
      model: toLoggedModel(
        await loggedModels.create({ experimentId: input.experiment_id, name: input.name ?? null, modelType: input.model_type || null, sourceRunId: input.source_run_id || null, params: record(input.params), tags: record(input.tags) })
      )
    })),
    mlflowRoute('post', '/logged-models/search', 'runs:read', Search, async ({ input }) => {
      const found = await loggedModels.search({
        experimentIds: input.experiment_ids,
        filter: input.filter,
        datasets: input.datasets.map(onDataset),
        orderBy: input.order_by.map(o => ({ field: o.field_name, isAscending: o.ascending, dataset: o.dataset_name ? onDataset({ ...o, dataset_name: o.dataset_name }) : null })),
        maxResults: input.max_results,
        pageToken: input.page_token
      });
      return { models: found.rows.map(toLoggedModel), ...(found.nextPageToken && { next_page_token: found.nextPageToken }) };
    }),
    mlflowRoute('get', '/logged-models/:modelId', 'runs:read', z.object({}), async ({ params }) => ({ model: toLoggedModel(await loggedModels.get(params.modelId!)) })),
    mlflowRoute('patch', '/logged-models/:modelId', 'runs:write', z.object({ status: Status }), async ({ input, params }) => ({ model: toLoggedModel(await loggedModels.finalize(params.modelId!, input.status)) })),
    mlflowRoute('delete', '/logged-models/:modelId', 'runs:write', z.object({}), async ({ params }) => {
      await loggedModels.remove(params.modelId!);
      return {};
    }),
    mlflowRoute('post', '/logged-models/:modelId/params', 'runs:write', z.object({ params: list(Tag) }), async ({ input, params }) => {
      await loggedModels.logParams(params.modelId!, record(input.params));
      return {};
    }),
    mlflowRoute('patch', '/logged-models/:modelId/tags', 'runs:write', z.object({ tags: list(Tag) }), async ({ input, params }) => {
      await loggedModels.setTags(params.modelId!, record(input.tags));
      return {};
    }),
    mlflowRoute('delete', '/logged-models/:modelId/tags/:key', 'runs:write', z.object({}), async ({ params }) => {
      await loggedModels.deleteTag(params.modelId!, params.key!);
      return {};
    }),
    mlflowRoute('get', '/logged-models/:modelId/artifacts/directories', 'runs:read', z.object({ artifact_directory_path: z.string().optional() }), async ({ input, params }) => {
      const { row } = await loggedModels.get(params.modelId!);
      const folder = [artifactRoot({ artifact_uri: row.artifact_location }), input.artifact_directory_path].filter(Boolean).join('/');
      const files = (await artifacts.files.entries(folder)).map(e => ({ path: [input.artifact_directory_path, e.path].filter(Boolean).join('/'), is_dir: e.isFolder, ...(e.sizeBytes !== null && { file_size: e.sizeBytes }) }));
      return { root_uri: row.artifact_location, files };
    })
  ];
}
