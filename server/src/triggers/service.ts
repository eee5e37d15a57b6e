import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { TriggerSpec, type CloudEvent, type EventType, type SavedTrigger, type Trigger, type TriggerFiring } from '@slipway/schema';
import { newSecret } from '../access';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import { isUuid } from '../core/uuid';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import { canonicalJson, checkTriggerParams, decodeCursor, encodeCursor, type Pipelines } from '../pipelines';
import type { SecretBox } from '../webhooks';
import { deliveryIdOf, hookSignal, requireGenuine, type WebhookSource } from './hooks';
import { isPolled } from './looks';
import * as store from './store';
import type { FiringRow, TriggerRow } from './tables';
import { loopFrom, sourcesOf } from './when';

export type Triggers = ReturnType<typeof createTriggers>;

/** What starts runs besides the clock: kept, checked, and told of. */
export function createTriggers(deps: { db: Db; events: Events; home: string; secrets: SecretBox; pipelines: Pick<Pipelines, 'definitions'>; poke(): void }) {
  const { db, events, pipelines, secrets } = deps;

  const change = <T>(pipeline: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    db.transaction().execute(async tx => {
      const result = await work(tx);
      await events.append(tx, [{ type: 'pipeline.changed', subject: pipeline }]);
      return result;
    });

  async function existing(id: string): Promise<TriggerRow> {
    const row = isUuid(id) ? await store.triggerById(db, id) : undefined;
    if (!row) {
      throw new NotFound('trigger_not_found', `There is no trigger ${id}.`);
    }
    return row;
  }

  /** @throws what `checkTriggerParams` and `checkUpstreams` refuse */
  async function check(pipeline: string, spec: TriggerSpec): Promise<void> {
    const { content } = await pipelines.definitions.versionWith(pipeline);
    checkTriggerParams(content, spec);
    await checkUpstreams(db, pipeline, spec);
  }

  /**
   * Refuses a trigger that waits for what is not there (and does not come with
   * it), or for its own pipeline over any number of others.
   *
   * @throws InvalidInput `trigger_loop`, `unknown_pipeline`
   */
  async function checkUpstreams(from: Db, pipeline: string, spec: TriggerSpec, alongside: readonly string[] = []): Promise<void> {
    // A loop needs but one way into the pipeline: its other triggers make none that this one does not.
    const edges = (await store.allTriggers(from)).filter(t => t.pipeline !== pipeline).flatMap(edgesOf);
    for (const { place, source } of sourcesOf(spec)) {
      if (source.kind !== 'pipeline') {
        continue;
      }
      const path = `when.${place}.pipeline`;
      const loop = loopFrom(pipeline, [...edges, { upstream: source.pipeline, pipeline }]);
      if (loop) {
        throw new InvalidInput('trigger_loop', `This would start itself for ever: ${loop.join(' → ')}. Let one of them go by a schedule, or wait for something else.`, { errors: [{ path, message: `a loop: ${loop.join(' → ')}` }] });
      }
      if (!alongside.includes(source.pipeline)) {
        await pipelines.definitions.existing(source.pipeline).catch((cause: unknown) => {
          throw new InvalidInput('unknown_pipeline', `There is no pipeline ${source.pipeline} to wait for.`, { cause, errors: [{ path, message: 'no such pipeline' }] });
        });
      }
    }
  }

  async function show(rows: TriggerRow[]): Promise<Trigger[]> {
    const ids = rows.map(r => r.id);
    const [faults, open] = await Promise.all([store.faultsOf(db, ids), store.openCounts(db, ids)]);
    return rows.map(row => ({
      ...row.spec,
      id: row.id,
      pipeline: row.pipeline,
      faults: faults.filter(f => f.trigger_id === row.id).map(f => ({ place: f.place, message: f.error ?? '' })),
      pending: open.get(row.id) ?? 0,
      lastFiredAt: row.last_fired_at?.toISOString() ?? null,
      hookPath: row.sealed_secret === null ? null : `/hooks/${row.id}`,
      createdBy: row.created_by,
      createdAt: row.created_at.toISOString()
    }));
  }

  const get = async (id: string): Promise<Trigger> => (await show([await existing(id)]))[0]!;
  const polledPlaces = (spec: TriggerSpec): string[] => sourcesOf(spec).filter(s => isPolled(s.source)).map(s => s.place);
  const needsSecret = (spec: TriggerSpec): boolean => sourcesOf(spec).some(s => s.source.kind === 'webhook');
  const taken = (spec: TriggerSpec, pipeline: string) => new Conflict('trigger_exists', `The pipeline ${pipeline} has a trigger ${spec.name} already; change that one, or take another name.`);

  /** With the secret of its webhooks; null without one. @throws Conflict `trigger_exists` */
  async function insert(tx: Tx, pipeline: string, spec: TriggerSpec, userId: string): Promise<{ id: string; secret: string | null }> {
    const id = randomUUID();
    const secret = needsSecret(spec) ? newSecret() : null;
    const row = { id, pipeline, name: spec.name, spec: JSON.stringify(spec), sealed_secret: secret && secrets.seal(secret, id), home: deps.home, note: null, created_by: userId, last_fired_at: null };
    if (!(await store.insertTrigger(tx, row))) {
      throw taken(spec, pipeline);
    }
    await store.setSources(tx, id, polledPlaces(spec));
    return { id, secret };
  }

  /** With the secret of its webhooks where it had none before. */
  async function update(tx: Tx, before: TriggerRow, spec: TriggerSpec): Promise<string | null> {
    const secret = needsSecret(spec) && before.sealed_secret === null ? newSecret() : null;
    const sealed = needsSecret(spec) ? (secret === null ? before.sealed_secret : secrets.seal(secret, before.id)) : null;
    await store.updateTrigger(tx, before.id, { name: spec.name, spec: JSON.stringify(spec), sealed_secret: sealed });
    if (JSON.stringify(before.spec.when) !== JSON.stringify(spec.when) || before.spec.isPaused !== spec.isPaused) {
      await store.setSources(tx, before.id, polledPlaces(spec));
    }
    return secret;
  }

  return {
    get,
    async list(pipeline: string): Promise<{ items: Trigger[] }> {
      await pipelines.definitions.existing(pipeline);
      return { items: await show(await store.triggersOf(db, pipeline)) };
    },
    /** @throws Conflict `trigger_exists`, and what `check` refuses */
    async create(pipeline: string, spec: TriggerSpec, userId: string): Promise<SavedTrigger> {
      await check(pipeline, spec);
      const { id, secret } = await change(pipeline, tx => insert(tx, pipeline, spec, userId));
      deps.poke();
      return { trigger: await get(id), secret };
    },
    /** What it waits for begins anew where that is changed. */
    async replace(id: string, spec: TriggerSpec): Promise<SavedTrigger> {
      const before = await existing(id);
      await check(before.pipeline, spec);
      const secret = await change(before.pipeline, async tx => {
        if ((await store.triggersOf(tx, before.pipeline)).some(t => t.id !== id && t.name === spec.name)) {
          throw taken(spec, before.pipeline);
        }
        return update(tx, before, spec);
      });
      deps.poke();
      return { trigger: await get(id), secret };
    },
    checkUpstreams,
    /**
     * Makes a trigger what the spec says, by its name, inside the caller's
     * transaction; one that is so already goes on untouched. Gives the secret of
     * its webhooks where that is new; `poke` is the caller's, once it is committed.
     */
    async put(tx: Tx, pipeline: string, spec: TriggerSpec, userId: string): Promise<{ id: string; secret: string | null }> {
      await checkUpstreams(tx, pipeline, spec);
      const before = (await store.triggersOf(tx, pipeline)).find(t => t.name === spec.name);
      if (!before) {
        return insert(tx, pipeline, spec, userId);
      }
      return { id: before.id, secret: isSameSpec(before.spec, spec) ? null : await update(tx, before, spec) };
    },
    /** Takes away the triggers that are not named, inside the caller's transaction. */
    async keepOnly(tx: Tx, pipeline: string, names: readonly string[]): Promise<void> {
      for (const row of await store.triggersOf(tx, pipeline)) {
        if (!names.includes(row.name)) {
          await store.deleteTrigger(tx, row.id);
        }
      }
    },
    poke: deps.poke,
    /** The secret before counts no more from here on. @throws Conflict `no_webhook` */
    async renewSecret(id: string): Promise<SavedTrigger> {
      const row = await existing(id);
      const secret = newSecret();
      await change(row.pipeline, async tx => {
        const now = await store.lockTrigger(tx, id);
        if (!now?.sealed_secret) {
          throw new Conflict('no_webhook', `The trigger ${row.name} waits for no webhook, and has no secret.`);
        }
        await store.updateTrigger(tx, id, { sealed_secret: secrets.seal(secret, id) });
      });
      return { trigger: await get(id), secret };
    },
    async remove(id: string): Promise<void> {
      const row = await existing(id);
      await change(row.pipeline, tx => store.deleteTrigger(tx, id));
    },
    async fire(id: string, data: Record<string, unknown>, userId: string): Promise<Trigger> {
      const row = await existing(id);
      if (row.spec.isPaused) {
        throw new Conflict('trigger_paused', `The trigger ${row.name} is paused; resume it first.`);
      }
      await change(row.pipeline, tx => store.insertSignal(tx, id, 'hand', { key: randomUUID(), reason: `Fired by ${userId}.`, data }));
      deps.poke();
      return get(id);
    },
    async firings(id: string, query: { limit: number; cursor?: string }): Promise<{ items: TriggerFiring[]; nextCursor?: string }> {
      await existing(id);
      const rows = await store.listFirings(db, id, query.limit + 1, query.cursor === undefined ? null : decodeCursor(query.cursor));
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      return { items: shown.map(toFiring), ...(rows.length > query.limit && last && { nextCursor: encodeCursor({ created_at: last.at, id: last.id }) }) };
    },
    /** Takes in a CloudEvent; triggers hear of it as of any event, whatever its type. */
    async tell(event: CloudEvent): Promise<void> {
      const data = { specversion: event.specversion, id: event.id, source: event.source, ...(event.data !== undefined && { data: event.data }) };
      await db.transaction().execute(tx => events.append(tx, [{ type: event.type as EventType, subject: event.subject ?? event.source, data }]));
    },
    /** A call from outside, which proves by the secret that it may. @throws Unauthenticated `bad_signature`; NotFound `hook_not_found` */
    async hook(id: string, headers: IncomingHttpHeaders, body: Buffer): Promise<{ isTaken: boolean }> {
      const row = isUuid(id) ? await store.triggerById(db, id) : undefined;
      const webhooks = row ? sourcesOf(row.spec).flatMap(s => (s.source.kind === 'webhook' ? [{ place: s.place, source: s.source satisfies WebhookSource }] : [])) : [];
      if (!row?.sealed_secret || webhooks.length === 0) {
        throw new NotFound('hook_not_found', 'There is no such webhook.');
      }
      requireGenuine(webhooks.map(w => w.source), headers, body, secrets.open(row.sealed_secret, row.id));
      const data = parseBody(body);
      const deliveryId = deliveryIdOf(headers) ?? randomUUID();
      const signals = webhooks.flatMap(({ place, source }) => {
        const signal = hookSignal(source, headers, data, deliveryId);
        return signal ? [{ place, signal }] : [];
      });
      if (row.spec.isPaused || signals.length === 0) {
        return { isTaken: false };
      }
      const fresh = await change(row.pipeline, async tx => Promise.all(signals.map(({ place, signal }) => store.insertSignal(tx, row.id, place, signal))));
      deps.poke();
      return { isTaken: fresh.some(Boolean) };
    }
  };
}

/** Rows that were written before a field had its default say the same without it. */
function isSameSpec(kept: TriggerSpec, spec: TriggerSpec): boolean {
  return canonicalJson(TriggerSpec.parse(kept)) === canonicalJson(spec);
}

/** Which pipelines a trigger waits for: who starts whom. */
function edgesOf(trigger: { pipeline: string; spec: TriggerSpec }): { upstream: string; pipeline: string }[] {
  return sourcesOf(trigger.spec).flatMap(({ source }) => (source.kind === 'pipeline' ? [{ upstream: source.pipeline, pipeline: trigger.pipeline }] : []));
}

/** @throws InvalidInput `not_json` */
function parseBody(body: Buffer): Record<string, unknown> {
  if (body.length === 0) {
    return {};
  }
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : { value };
  } catch (cause) {
    throw new InvalidInput('not_json', 'The body is no JSON.', { cause });
  }
}

function toFiring(row: FiringRow): TriggerFiring {
  return { id: row.id, triggerId: row.trigger_id, at: row.at.toISOString(), state: row.state, reason: row.reason, payload: row.payload, runId: row.run_id, error: row.error };
}
