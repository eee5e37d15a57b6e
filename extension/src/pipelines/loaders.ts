import { endpoints, type Approval, type Backfill, type Pipeline, type PipelineRun, type PipelineSchedule, type PipelineVersion, type Trigger } from '@slipway/schema';
import { keepFresh } from '../core/keep-fresh';
import { Loader } from '../core/loader';
import type { ISlipway } from '../core/tokens';

/** All pipelines, by name. */
export function pipelinesLoader(slipway: ISlipway): Loader<Pipeline[]> {
  const loader = new Loader(async () => (await slipway.client.call(endpoints.pipelines.list)).items);
  return keepFresh(slipway, loader, event => event.type === 'pipeline.changed' || event.type === 'run.changed');
}

/** Steps of all runs that wait for somebody's word, newest first. */
export function approvalsLoader(slipway: ISlipway): Loader<Approval[]> {
  const loader = new Loader(async () => (await slipway.client.call(endpoints.orchestration.approvals, { query: { status: 'open' } })).items);
  // The last step before a person's word, or the word itself, moves the run on.
  return keepFresh(slipway, loader, event => event.type === 'run.changed');
}

export interface PipelineDetail {
  pipeline: Pipeline;
  version: PipelineVersion;
  runs: PipelineRun[];
  schedules: PipelineSchedule[];
  triggers: Trigger[];
  /** The newest few. */
  backfills: Backfill[];
}

/** One pipeline with its newest version and its last runs. */
export function pipelineLoader(slipway: ISlipway, name: string): Loader<PipelineDetail> {
  const { client } = slipway;
  const params = { name };
  const loader = new Loader(async () => {
    const [pipeline, runs, schedules, triggers, backfills] = await Promise.all([
      client.call(endpoints.pipelines.get, { params }),
      client.call(endpoints.pipelines.listRuns, { params, query: { limit: 50 } }),
      client.call(endpoints.schedules.list, { params }),
      client.call(endpoints.triggers.list, { params }),
      client.call(endpoints.backfills.list, { params, query: { limit: 10 } })
    ]);
    const version = await client.call(endpoints.pipelines.version, { params: { name, version: String(pipeline.latestVersion) } });
    return { pipeline, version, runs: runs.items, schedules: schedules.items, triggers: triggers.items, backfills: backfills.items };
  });
  return keepFresh(slipway, loader, event => event.subject === name || event.data.pipeline === name);
}

export interface RunDetail {
  run: PipelineRun;
  version: PipelineVersion | null;
}

/** One run with the version it runs. */
export function runLoader(slipway: ISlipway, runId: string): Loader<RunDetail> {
  const { client } = slipway;
  let version: PipelineVersion | null = null;
  const loader: Loader<RunDetail> = new Loader(async () => {
    const run = await client.call(endpoints.pipelines.run, { params: { runId } });
    // A version never changes: once is enough. A proof's run has none before it is saved, a notebook's run never.
    version ??= run.version === 0 ? null : await client.call(endpoints.pipelines.version, { params: { name: run.pipeline, version: String(run.version) } }).catch(() => null);
    return { run, version };
  });
  return keepFresh(slipway, loader, event => event.subject === runId && event.type !== 'log.appended');
}
