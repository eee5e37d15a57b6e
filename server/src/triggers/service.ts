import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { CloudEvent, SavedTrigger, Trigger, TriggerFiring, TriggerSpec } from '@slipway/schema';
import { newSecret } from '../access';
import { Conflict, InvalidInput, NotFound } from '../core/errors';
import type { Db, Tx } from '../database';
import type { Events } from '../events';
import { checkBound, checkParams, decodeCursor, encodeCursor, type Pipelines } from '../pipelines';
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
    const row = /^[0-9a-f-]{36}$/i.test(id) ? await store.triggerById(db, id) : undefined;
    if (!row) {
      throw new NotFound('trigger_not_found', `There is no trigger ${id}.`);
    }
    return row;
  }

  /** @throws InvalidInput `trigger_loop`, `unknown_pipeline`, `unknown_param`, `param_type` */
  async function check(pipeline: string, spec: TriggerSpec, id: string): Promise<void> {
    const { content } = await pipelines.definitions.versionWith(pipeline);
    checkParams(content, { params: spec.params, bindings: [], timeZone: 'UTC' });
    spec.bindings.forEach((b, i) => checkBound(content, b.param, `bindings.${i}`));
    const known = await store.allTriggers(db);
    const edges = known.filter(t => t.id !== id).flatMap(edgesOf);
    for (const { place, source } of sourcesOf(spec)) {
      if (source.kind !== 'pipeline') {
        continue;
      }
      await pipelines.definitions.existing(source.pipeline).catch((cause: unknown) => {
        throw new InvalidInput('unknown_pipeline', `There is no pipeline ${source.pipeline} to wait for.`, { cause, errors: [{ path: `when.${place}.pipeline`, message: 'no such pipeline' }] });
      });
      const loop = loopFrom(pipeline, [...edges, ...edgesOf({ pipeline, spec })]);
      if (loop) {
        throw new InvalidInput('trigger_loop', `This would start itself for ever: ${loop.join(' → ')}. Let one of them go by a schedule, or wait for something else.`, { errors: [{ path: `when.${place}.pipeline`, message: `a loop: ${loop.join(' → ')}` }] });
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

  return {
    get,
    async list(pipeline: string): Promise<{ items: Trigger[] }> {
      await pipelines.definitions.existing(pipeline);
      return { items: await show(await store.triggersOf(db, pipeline)) };
    },
    /** @throws Conflict `trigger_exists`, and what `check` refuses */
    async create(pipeline: string, spec: TriggerSpec, userId: string): Promise<SavedTrigger> {
      const id = randomUUID();
      await check(pipeline, spec, id);
      const secret = needsSecret(spec) ? newSecret() : null;
      await change(pipeline, async tx => {
        const row = { id, pipeline, name: spec.name, spec: JSON.stringify(spec), sealed_secret: secret && secrets.seal(secret, id), home: deps.home, note: null, created_by: userId, last_fired_at: null };
        if (!(await store.insertTrigger(tx, row))) {
          throw taken(spec, pipeline);
        }
        await store.setSources(tx, id, polledPlaces(spec));
      });
      deps.poke();
      return { trigger: await get(id), secret };
    },
    /** What it waits for begins anew where that is changed. */
    async replace(id: string, spec: TriggerSpec): Promise<SavedTrigger> {
      const before = await existing(id);
      await check(before.pipeline, spec, id);
      const secret = needsSecret(spec) && before.sealed_secret === null ? newSecret() : null;
      await change(before.pipeline, async tx => {
        if ((await store.triggersOf(tx, before.pipeline)).some(t => t.id !== id && t.name === spec.name)) {
          throw taken(spec, before.pipeline);
        }
        const sealed = needsSecret(spec) ? (secret === null ? before.sealed_secret : secrets.seal(secret, id)) : null;
        await store.updateTrigger(tx, id, { name: spec.name, spec: JSON.stringify(spec), sealed_secret: sealed });
        if (JSON.stringify(before.spec.when) !== JSON.stringify(spec.when) || before.spec.isPaused !== spec.isPaused) {
          await store.setSources(tx, id, polledPlaces(spec));
        }
      });
      deps.poke();
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
    /** Takes in a CloudEvent; triggers hear of it as of any event. */
    async tell(event: CloudEvent): Promise<void> {
      const data = { id: event.id, source: event.source, ...(event.data !== undefined && { data: event.data }) };
      await db.transaction().execute(tx => events.append(tx, [{ type: event.type, subject: event.subject ?? event.source, data }]));
    },
    /** A call from outside, which proves by the secret that it may. @throws Unauthenticated `bad_signature`; NotFound `hook_not_found` */
    async hook(id: string, headers: IncomingHttpHeaders, body: Buffer): Promise<{ isTaken: boolean }> {
      const row = /^[0-9a-f-]{36}$/i.test(id) ? await store.triggerById(db, id) : undefined;
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
