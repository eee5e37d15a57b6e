import { z } from 'zod';
import type { Db } from '../../database';
import { recordModel } from '../model-history';
import type { Tracking } from '../service';
import { historyRoutes } from './history-routes';
import { toRun, toRunInfo } from './mapping';
import { ExperimentId, Float, Id, Int8, PageToken, Tag, Text, ViewType, list, pageSize, withRunId } from './fields';
import { mlflowRoute, type MlflowRoute } from './routes';

const Status = z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']);
const MetricFields = { key: Text, value: Float, timestamp: Int8, step: Int8.default(0n), model_id: z.string().nullish(), dataset_name: z.string().nullish(), dataset_digest: z.string().nullish() };
const Dataset = z.object({ name: Text, digest: Text, source_type: Text.default(''), source: Text.default(''), schema: Text.nullish(), profile: Text.nullish() });

function toPoint(m: { key: string; value: number; timestamp: bigint; step: bigint; model_id?: string | null; dataset_name?: string | null; dataset_digest?: string | null }) {
  return { key: m.key, value: m.value, timestamp: m.timestamp, step: m.step, modelId: m.model_id ?? null, datasetName: m.dataset_name ?? null, datasetDigest: m.dataset_digest ?? null };
}

/** Runs: their life and what is logged to them. */
export function runRoutes(db: Db, tracking: Tracking): MlflowRoute[] {
  const { runs, search } = tracking;
  const inTx = (work: Parameters<ReturnType<Db['transaction']>['execute']>[0]): Promise<unknown> => db.transaction().execute(work);
  return [
    mlflowRoute('post', '/runs/create', 'runs:write', z.object({ experiment_id: ExperimentId.default('0'), user_id: Text.default(''), run_name: Text.nullish(), start_time: Int8.default(0n), tags: list(Tag) }), async ({ input, caller }) => {
      const tags = Object.fromEntries(input.tags.map(t => [t.key, t.value]));
      const id = await db.transaction().execute(tx => runs.create(tx, { experimentId: input.experiment_id, name: input.run_name ?? undefined, userId: input.user_id || tags['mlflow.user'] || caller.id, startTime: input.start_time, tags }));
      const { outputs: _, ...run } = toRun(await runs.view(id)); // MLflow has none in this answer
      return { run };
    }),
    mlflowRoute('get', '/runs/get', 'runs:read', withRunId({}), async ({ input }) => ({ run: toRun(await runs.view(input.run_id)) })),
    mlflowRoute('post', '/runs/update', 'runs:write', withRunId({ status: Status.nullish(), end_time: Int8.nullish(), run_name: Text.nullish() }), async ({ input }) => {
      const row = await runs.update(input.run_id, { status: input.status ?? undefined, endTime: input.end_time ?? undefined, name: input.run_name ?? undefined });
      if (input.status && input.status !== 'RUNNING' && input.status !== 'SCHEDULED') {
        await inTx(tx => tracking.recordLoggedInputs(tx, input.run_id));
      }
      return { run_info: toRunInfo(row) };
    }),
    mlflowRoute('post', '/runs/delete', 'runs:write', withRunId({}), async ({ input }) => {
      await runs.setLifecycle(input.run_id, 'deleted');
      return {};
    }),
    mlflowRoute('post', '/runs/restore', 'runs:write', withRunId({}), async ({ input }) => {
      await runs.setLifecycle(input.run_id, 'active');
      return {};
    }),
    mlflowRoute('post', '/runs/log-metric', 'runs:write', withRunId(MetricFields), async ({ input }) => {
      await runs.logMetrics(input.run_id, [toPoint(input)]);
      return {};
    }),
    mlflowRoute('post', '/runs/log-parameter', 'runs:write', withRunId({ key: Text, value: z.string().default('') }), async ({ input }) => {
      await inTx(tx => runs.log(tx, input.run_id, { params: [{ key: input.key, value: input.value }] }));
      return {};
    }),
    mlflowRoute('post', '/runs/set-tag', 'runs:write', withRunId({ key: Text, value: z.string().default('') }), async ({ input }) => {
      await inTx(tx => runs.log(tx, input.run_id, { tags: [{ key: input.key, value: input.value }] }));
      return {};
    }),
    mlflowRoute('post', '/runs/delete-tag', 'runs:write', withRunId({ key: Text }), async ({ input }) => {
      await runs.deleteTag(input.run_id, input.key);
      return {};
    }),
    mlflowRoute('post', '/runs/log-batch', 'runs:write', withRunId({ metrics: list(z.object(MetricFields)), params: list(Tag), tags: list(Tag) }), async ({ input }) => {
      const data = { metrics: input.metrics.map(toPoint), params: input.params, tags: input.tags };
      await (data.params.length + data.tags.length === 0 ? runs.logMetrics(input.run_id, data.metrics) : inTx(tx => runs.log(tx, input.run_id, data)));
      return {};
    }),
    mlflowRoute('post', '/runs/log-model', 'runs:write', withRunId({ model_json: z.string() }), async ({ input }) => {
      await inTx(tx => recordModel(tx, runs, input.run_id, input.model_json));
      return {};
    }),
    mlflowRoute('post', '/runs/log-inputs', 'runs:write', withRunId({ datasets: list(z.object({ tags: list(Tag), dataset: Dataset })), models: list(z.object({ model_id: Id })) }), async ({ input }) => {
      await inTx(async tx => {
        const toDataset = (d: z.output<typeof Dataset>) => ({ name: d.name, digest: d.digest, sourceType: d.source_type, source: d.source, schema: d.schema ?? null, profile: d.profile ?? null });
        await tracking.linkDatasets(tx, input.run_id, input.datasets.map(({ dataset, tags }) => ({ ...toDataset(dataset), tags: Object.fromEntries(tags.map(t => [t.key, t.value])) })));
        await tracking.linkModels(tx, input.run_id, 'input', input.models.map(m => ({ modelId: m.model_id })));
      });
      return {};
    }),
    mlflowRoute('post', '/runs/outputs', 'runs:write', withRunId({ models: list(z.object({ model_id: Id, step: Int8.default(0n) })) }), async ({ input }) => {
      await inTx(async tx => {
        await tracking.linkModels(tx, input.run_id, 'output', input.models.map(m => ({ modelId: m.model_id, step: String(m.step) })));
      });
      return {};
    }),
    mlflowRoute(
      'post',
      '/runs/search',
      'runs:read',
      z.object({ experiment_ids: z.array(z.coerce.string()).nullish().transform(ids => ids ?? []), filter: z.string().default(''), run_view_type: ViewType, max_results: pageSize(1_000, 50_000), order_by: list(z.string()), page_token: PageToken }),
      async ({ input }) => {
        const page = await search.runs(input.experiment_ids, { filter: input.filter, orderBy: input.order_by, maxResults: input.max_results, pageToken: input.page_token, viewType: input.run_view_type });
        return { runs: page.rows.map(toRun), ...(page.nextPageToken && { next_page_token: page.nextPageToken }) };
      }
    ),
    ...historyRoutes({ runs })
  ];
}
