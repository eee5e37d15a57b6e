import type { OpenLineageEvent, OpenLineageStatus } from '@slipway/schema';
import type { BlobStore } from '@slipway/kernels-bridge';
import { InvalidInput, NotFound } from '../core/errors';
import type { Log } from '../core/log';
import type { Db } from '../database';
import { createAddressRules, createPoster, type Patience } from '../webhooks';
import { createEventBuilder } from './build';
import { createColumnReader } from './columns';
import { createDelivery, type Consumer } from './delivery';
import type { FactSources } from './facts';
import { notebookCellSchema } from './notebook-cell-facet';
import * as store from './store';
import type { OpenLineageRow } from './tables';

export type OpenLineage = ReturnType<typeof createOpenLineage>;
export interface OpenLineageDeps {
  db: Db;
  databaseUrl: string;
  log: Log;
  blobs: BlobStore;
  sources: FactSources;
  /** The pipeline run behind an MLflow run; null where it is none. */
  pipelineRunOf(mlflowRunId: string): Promise<string | null>;
  consumer: Consumer | null;
  namespace: string;
  version: string;
  /** Where others reach the daemon; where it listens when absent. */
  publicUrl?: string;
  patience?: Patience;
}

const KEEP_MS = 30 * 24 * 3_600_000;
const TRIM_EVERY_MS = 3_600_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What happened to pipelines and trials, as OpenLineage's RunEvents: kept, shown, and sent where somebody asked for them. */
export function createOpenLineage(deps: OpenLineageDeps) {
  const { db, consumer } = deps;
  let listensAt = 'http://127.0.0.1';
  let trimmer: NodeJS.Timeout | undefined;
  const base = (): string => deps.publicUrl ?? listensAt;
  const build = createEventBuilder({ sources: deps.sources, columnsOf: createColumnReader(deps), namespace: deps.namespace, version: deps.version, base });

  /** Built once: the same event is the same text, whenever it is sent or shown. */
  async function bodyOf(row: OpenLineageRow): Promise<string | null> {
    const body = row.body ?? (await build(row));
    return row.body ?? (body === null ? null : store.keepBody(db, row.seq, body));
  }

  // The host is the owner's own choice: it may be private, and nothing else may be called.
  const rules = createAddressRules(consumer ? [new URL(consumer.url).host] : []);
  const delivery = consumer ? createDelivery({ ...deps, consumer, bodyOf, post: createPoster(rules) }) : null;

  async function trim(): Promise<void> {
    await store.trimEvents(db, new Date(Date.now() - KEEP_MS)).catch((err: unknown) => deps.log.warn({ err }, 'old OpenLineage events could not be removed; they are next time'));
  }

  async function toEvent(row: OpenLineageRow): Promise<OpenLineageEvent> {
    const body = await bodyOf(row);
    return {
      seq: row.seq,
      status: row.status,
      attempts: row.attempts,
      lastStatus: row.last_status,
      lastError: row.last_error,
      endedAt: row.ended_at?.toISOString() ?? null,
      event: body === null ? null : (JSON.parse(body) as Record<string, unknown>)
    };
  }

  return {
    /** Events of a run, or of all, oldest first. @throws {InvalidInput} `invalid_cursor`; {NotFound} `no_events` */
    async events(query: { runId?: string; limit: number; cursor?: string }): Promise<{ items: OpenLineageEvent[]; nextCursor?: string }> {
      if (query.cursor !== undefined && !/^\d{1,18}$/.test(query.cursor)) {
        throw new InvalidInput('invalid_cursor', 'The cursor is not one that a page gave.');
      }
      const { runId } = query;
      const pipelineRun = runId === undefined || UUID.test(runId) ? null : await deps.pipelineRunOf(runId);
      const subjects = runId === undefined ? null : [pipelineRun ?? runId.toLowerCase()];
      const rows = await store.listEvents(db, { subjects, after: query.cursor ?? '0', limit: query.limit + 1 });
      if (rows.length === 0 && runId !== undefined && query.cursor === undefined) {
        throw new NotFound('no_events', `There are no OpenLineage events of ${runId}: it is no trial and no run of a pipeline, or it ran more than 30 days ago.`);
      }
      const items: OpenLineageEvent[] = [];
      for (const row of rows.slice(0, query.limit)) {
        items.push(await toEvent(row));
      }
      return { items, ...(rows.length > query.limit && { nextCursor: items.at(-1)!.seq }) };
    },
    async status(): Promise<OpenLineageStatus> {
      return { consumer: consumer?.url ?? null, namespace: deps.namespace, ...(await store.countEvents(db)) };
    },
    notebookCellSchema: (): object => notebookCellSchema(base()),
    async start(url: string): Promise<void> {
      listensAt = url;
      await trim();
      trimmer = setInterval(() => void trim(), TRIM_EVERY_MS);
      trimmer.unref();
      delivery?.start();
    },
    async stop(): Promise<void> {
      clearInterval(trimmer);
      await delivery?.stop();
    }
  };
}
