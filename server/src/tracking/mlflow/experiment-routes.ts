import { z } from 'zod';
import type { Tracking } from '../service';
import { toExperiment } from './mapping';
import { ExperimentId, Id, PageToken, Tag, Text, ViewType, list } from './fields';
import { mlflowRoute, type MlflowRoute } from './routes';

const ById = z.object({ experiment_id: ExperimentId });
const Search = z.object({ max_results: z.coerce.number().int().min(1).max(50_000), page_token: PageToken, filter: z.string().default(''), order_by: list(z.string()), view_type: ViewType });

export function experimentRoutes({ experiments, search }: Tracking): MlflowRoute[] {
  const find = async (input: z.output<typeof Search>) => {
    const page = await search.experiments({ filter: input.filter, orderBy: input.order_by, maxResults: input.max_results, pageToken: input.page_token, viewType: input.view_type });
    return { experiments: page.rows.map(toExperiment), ...(page.nextPageToken && { next_page_token: page.nextPageToken }) };
  };
  return [
    mlflowRoute('post', '/experiments/create', 'runs:write', z.object({ name: z.string(), artifact_location: z.string().nullish(), tags: list(Tag) }), async ({ input }) => ({
      experiment_id: await experiments.create({ name: input.name, artifactLocation: input.artifact_location || null, tags: input.tags })
    })),
    mlflowRoute('get', '/experiments/get', 'runs:read', ById, async ({ input }) => ({ experiment: toExperiment(await experiments.get(input.experiment_id)) })),
    mlflowRoute('get', '/experiments/get-by-name', 'runs:read', z.object({ experiment_name: Id }), async ({ input }) => ({ experiment: toExperiment(await experiments.getByName(input.experiment_name)) })),
    mlflowRoute('post', '/experiments/search', 'runs:read', Search, ({ input }) => find(input)),
    mlflowRoute('get', '/experiments/search', 'runs:read', Search, ({ input }) => find(input)),
    mlflowRoute('post', '/experiments/update', 'runs:write', ById.extend({ new_name: Text }), async ({ input }) => {
      await experiments.rename(input.experiment_id, input.new_name);
      return {};
    }),
    mlflowRoute('post', '/experiments/delete', 'runs:write', ById, async ({ input }) => {
      await experiments.remove(input.experiment_id);
      return {};
    }),
    mlflowRoute('post', '/experiments/restore', 'runs:write', ById, async ({ input }) => {
      await experiments.restore(input.experiment_id);
      return {};
    }),
    mlflowRoute('post', '/experiments/set-experiment-tag', 'runs:write', ById.extend({ key: Text, value: z.string() }), async ({ input }) => {
      await experiments.setTag(input.experiment_id, input.key, input.value);
      return {};
    }),
    mlflowRoute('post', '/experiments/delete-experiment-tag', 'runs:write', ById.extend({ key: Text }), async ({ input }) => {
      await experiments.deleteTag(input.experiment_id, input.key);
      return {};
    })
  ];
}
