import { endpoints, type Cluster, type Job, type JobAdvice, type LiveJob, type SlipwayEvent } from '@slipway/schema';
import { keepFresh } from '../core/keep-fresh';
import type { SlipwayClient } from '../core/client';
import { Loader } from '../core/loader';
import type { ISlipway } from '../core/tokens';

/** Everything of the Jobs page, of one moment. */
export interface JobsView {
  cluster: Cluster;
  queued: Job[];
  running: Job[];
  recent: Job[];
  advice: JobAdvice[];
  /** Whether who sits here may set quotas and drain nodes. */
  mayManage: boolean;
}

const RECENT = 20;
/** What runs moves without news: expected times, use of GPUs. */
const LOOK_MS = 10_000;
/** A job that runs here is sampled about as often. */
const LIVE_MS = 2_000;

/** What the page shows, of everybody or of whoever looks. */
export class JobsModel extends Loader<JobsView> {
  constructor(client: SlipwayClient) {
    super(() => fetchJobs(client, this._isMine));
  }

  get isMine(): boolean {
    return this._isMine;
  }
  showMine(isMine: boolean): void {
    this._isMine = isMine;
    this.refresh();
  }

  private _isMine = false;
}

export function jobsLoader(slipway: ISlipway): JobsModel {
  const model = new JobsModel(slipway.client);
  keepFresh(slipway, model, concerns, pace(() => model.refresh(), () => model.isDisposed, LOOK_MS));
  return model;
}

/** What a running job tells, anew every two seconds. */
export function liveLoader(slipway: ISlipway, jobId: string): Loader<LiveJob> {
  const loader = new Loader(() => slipway.client.call(endpoints.scheduler.liveJob, { params: { jobId } }));
  return keepFresh(slipway, loader, () => false, pace(() => loader.refresh(), () => loader.isDisposed, LIVE_MS));
}

async function fetchJobs(client: SlipwayClient, isMine: boolean): Promise<JobsView> {
  const e = endpoints.scheduler;
  const mine = isMine ? 'true' : 'false';
  const [cluster, queued, running, all, advice, me] = await Promise.all([
    client.call(e.cluster),
    client.call(e.listJobs, { query: { state: 'queued', mine, limit: 200 } }),
    client.call(e.listJobs, { query: { state: 'running', mine, limit: 200 } }),
    client.call(e.listJobs, { query: { mine, limit: 100 } }),
    client.call(e.advice),
    client.call(endpoints.access.me)
  ]);
  const recent = all.items.filter(job => job.endedAt !== null).slice(0, RECENT);
  const byPosition = [...queued.items].sort((a, b) => (a.position ?? Infinity) - (b.position ?? Infinity));
  return { cluster, queued: byPosition, running: running.items, recent, advice: advice.items, mayManage: me.permissions.includes('jobs:admin') };
}

const concerns = (event: SlipwayEvent): boolean => ['cluster.changed', 'step.changed', 'run.changed', 'proof.changed'].includes(event.type);

/** At most twice a second by news, and every so often without any. */
function pace(refresh: () => void, isOver: () => boolean, everyMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = setInterval(() => (isOver() ? clearInterval(look) : refresh()), everyMs);
  return {
    ask: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh();
      }, 500);
    },
    stop: () => {
      clearTimeout(timer);
      clearInterval(look);
    }
  };
}
