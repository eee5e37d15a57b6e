import { endpoints, type Cluster, type Job, type JobAdvice, type LiveJob, type SlipwayEvent } from '@slipway/schema';
import { keepFresh } from '../core/keep-fresh';
import type { SlipwayClient } from '../core/client';
import { Loader } from '../core/loader';
import type { ISlipway } from '../core/tokens';

/** Everything of the Jobs page, of one moment. */
export interface JobsView {
  cluster: Cluster;
  /** The first of those that wait, in the order they start. */
  queued: Job[];
  running: Job[];
  /** How many wait and run, shown or not. */
  total: { queued: number; running: number };
  recent: Job[];
  advice: JobAdvice[];
  /** Whether who sits here may set quotas and drain nodes. */
  mayManage: boolean;
}

const RECENT = 20;
/** So many of those that wait, or run, are shown at first, and so many more each time one asks. */
const SHOWN = 50;
/** The most that a page of the API has. */
const PAGE = 500;
/** What runs moves without news: expected times, use of GPUs. */
const LOOK_MS = 10_000;
/** A job that runs here is sampled about as often. */
const LIVE_MS = 2_000;

type Counted = 'queued' | 'running';

/** What the page shows: of everybody or of whoever looks, of all projects or of one. */
export class JobsModel extends Loader<JobsView> {
  constructor(client: SlipwayClient) {
    super(() => fetchJobs(client, { isMine: this._isMine, project: this._project, shown: this._shown }));
  }

  get isMine(): boolean {
    return this._isMine;
  }
  /** Whose jobs are shown; null: those of all projects. */
  get project(): string | null {
    return this._project;
  }
  showMine(isMine: boolean): void {
    this._isMine = isMine;
    this.refresh();
  }
  showProject(project: string | null): void {
    this._project = project;
    this.refresh();
  }
  showMore(of: Counted): void {
    this._shown = { ...this._shown, [of]: this._shown[of] + SHOWN };
    this.refresh();
  }

  private _isMine = false;
  private _project: string | null = null;
  private _shown = { queued: SHOWN, running: SHOWN };
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

interface Wanted {
  isMine: boolean;
  project: string | null;
  shown: Record<Counted, number>;
}

async function fetchJobs(client: SlipwayClient, { isMine, project, shown }: Wanted): Promise<JobsView> {
  const e = endpoints.scheduler;
  const filter = { mine: isMine ? 'true' : 'false', ...(project !== null && { project }) } as const;
  const [cluster, queued, running, ended, advice, me] = await Promise.all([
    client.call(e.cluster),
    firstJobs(client, { ...filter, state: 'queued' }, shown.queued),
    firstJobs(client, { ...filter, state: 'running' }, shown.running),
    client.call(e.listJobs, { query: { ...filter, state: 'ended', limit: RECENT } }),
    client.call(e.advice),
    client.call(endpoints.access.me)
  ]);
  const total = { queued: queued.total, running: running.total };
  return { cluster, queued: queued.items, running: running.items, total, recent: ended.items, advice: advice.items, mayManage: me.permissions.includes('jobs:admin') };
}

/** The first `count` jobs of a list, over as many pages as that takes. */
async function firstJobs(client: SlipwayClient, query: { state: Counted; mine: 'true' | 'false'; project?: string }, count: number): Promise<{ items: Job[]; total: number }> {
  const byId = new Map<string, Job>(); // what moves up between two pages is on both
  let cursor: string | undefined;
  let total = 0;
  do {
    const page = await client.call(endpoints.scheduler.listJobs, { query: { ...query, limit: Math.min(PAGE, count - byId.size), ...(cursor !== undefined && { cursor }) } });
    page.items.forEach(job => byId.set(job.id, job));
    total = page.total ?? byId.size;
    cursor = page.nextCursor;
  } while (cursor !== undefined && byId.size < count);
  return { items: [...byId.values()], total };
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
