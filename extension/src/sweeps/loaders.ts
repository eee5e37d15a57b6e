import { endpoints, type PipelineVersion, type Sweep, type SweepTrial } from '@slipway/schema';
import type { SlipwayClient } from '../core/client';
import { keepFresh } from '../core/keep-fresh';
import { Loader } from '../core/loader';
import type { ISlipway } from '../core/tokens';

/** The newest sweeps. */
export function sweepsLoader(slipway: ISlipway): Loader<Sweep[]> {
  const loader = new Loader(async () => (await slipway.client.call(endpoints.sweeps.list, { query: { limit: 200 } })).items);
  return keepFresh(slipway, loader, event => event.type === 'sweep.changed');
}

export interface SweepDetail {
  sweep: Sweep;
  trials: SweepTrial[];
}

const PAGE = 500;
/** More are not drawn. */
const MOST_TRIALS = 10_000;

/** One sweep with its trials. */
export function sweepLoader(slipway: ISlipway, sweepId: string): Loader<SweepDetail> {
  const params = { sweepId };
  let known: SweepTrial[] = [];
  const loader = new Loader(async () => {
    // Trials that are over stay as they are: only those from the first open one on are asked for again.
    const open = known.findIndex(t => t.state === 'waiting' || t.state === 'running');
    const over = open < 0 ? known : known.slice(0, open);
    const [sweep, rest] = await Promise.all([slipway.client.call(endpoints.sweeps.get, { params }), trialsAfter(slipway.client, sweepId, over.at(-1)?.number)]);
    known = [...over, ...rest];
    return { sweep, trials: known };
  });
  return keepFresh(slipway, loader, event => event.subject === sweepId);
}

async function trialsAfter(client: SlipwayClient, sweepId: string, number: number | undefined): Promise<SweepTrial[]> {
  const trials: SweepTrial[] = [];
  let cursor = number === undefined ? undefined : String(number);
  do {
    const page = await client.call(endpoints.sweeps.trials, { params: { sweepId }, query: { limit: PAGE, ...(cursor !== undefined && { cursor }) } });
    trials.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && trials.length < MOST_TRIALS);
  return trials;
}

/** What the form of a new sweep is filled from. */
export interface SweepChoices {
  version: PipelineVersion;
  /** Null where the pipeline has never run. */
  metrics: string[] | null;
  earlier: Sweep[];
  /** The sweep it begins with. */
  from: Sweep | null;
}

export function choicesLoader({ client }: ISlipway, pipeline: string, from: string | null): Loader<SweepChoices> {
  const params = { name: pipeline };
  const loader = new Loader(async () => {
    const [{ latestVersion }, metrics, earlier] = await Promise.all([
      client.call(endpoints.pipelines.get, { params }),
      client.call(endpoints.sweeps.metrics, { params }),
      client.call(endpoints.sweeps.list, { query: { pipeline, limit: 50 } })
    ]);
    const version = await client.call(endpoints.pipelines.version, { params: { ...params, version: String(latestVersion) } });
    // One that is older than those listed is asked for by itself.
    const begun = from === null ? null : (earlier.items.find(s => s.id === from) ?? (await client.call(endpoints.sweeps.get, { params: { sweepId: from } })));
    return { version, metrics: metrics.names, earlier: earlier.items, from: begun };
  });
  loader.refresh();
  return loader;
}
