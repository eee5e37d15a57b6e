import type { Scalar, TriggerSpec } from '@slipway/schema';
import { eachApart } from '../core/each-apart';
import { AppError, InvalidInput } from '../core/errors';
import { inBatches } from '../core/in-batches';
import type { Log } from '../core/log';
import { createLoop } from '../core/loop';
import type { Db } from '../database';
import { createNewsReader, type Events } from '../events';
import { isRunsEnd, typedAs, type Pipelines } from '../pipelines';
import { isDatabaseAway } from '../scheduler';
import { everyMs, isPolled, type Look, type Polled } from './looks';
import { signalsOf } from './news';
import * as store from './store';
import type { FiringRow, TriggerRow } from './tables';
import { atPointer, payloadOf, reasonOf, ripeSignals, sourcesOf } from './when';

const LOOK_MS = 500;
/** News comes by the hundred a second where much runs; a look costs several questions. */
const REST_MS = 50;
const OFTEN = new Set(['log.appended', 'step.changed']);
/** How often the cursor over the news moves: what is behind it no daemon that starts looks at again. */
const CURSOR_MS = 1_000;
/** A look takes less; a daemon that ended in the middle of one leaves it to be done again. */
const LEASE_MS = 60_000;
/** Side by side: one that takes long, a query or a bucket far away, does not hold up the others. */
const MOST_LOOKS = 8;

/**
 * Looks, listens, and starts runs. What comes about is a row once for its key;
 * a firing takes rows in one transaction, and becomes a run in the transaction
 * that makes the run: killed in between, the next look goes on from there.
 */
export function createFiringLoop(deps: { db: Db; events: Events; log: Log; home: string; look(source: Polled, before: unknown): Promise<Look>; pipelines: Pick<Pipelines, 'startRun' | 'definitions'> }) {
  const { db, events, log, pipelines } = deps;
  const loop = createLoop({ work, everyMs: LOOK_MS, restMs: REST_MS, log, what: 'looking after triggers', isExpected: isDatabaseAway });
  const news = createNewsReader({ db, from: () => store.cursor(db) });
  let unsubscribe = (): void => undefined;
  let movedAt = -Infinity;
  const looks = new Set<Promise<void>>();

  async function work(): Promise<void> {
    await eachApart([lookAround, listen, fireAll, startAll], step => step(), { log, what: 'looking after triggers', about: step => ({ step: step.name }) });
  }

  const fireAll = async (): Promise<void> => eachApart(await store.triggersWithSignals(db), fire, { log, what: 'the firing of a trigger', about: id => ({ trigger: id }) });
  const startAll = async (): Promise<void> => eachApart(await store.waitingFirings(db), start, { log, what: 'the run of a trigger', about: firing => ({ trigger: firing.trigger_id, firing: firing.id }) });

  async function lookAround(): Promise<void> {
    const free = MOST_LOOKS - looks.size;
    for (const due of free === 0 ? [] : await store.takeDueLooks(db, deps.home, LEASE_MS, free)) {
      const source = sourcesOf(due.spec).find(s => s.place === due.place)?.source;
      if (source && isPolled(source)) {
        const look: Promise<void> = lookAt(due, source).finally(() => (looks.delete(look), loop.poke()));
        looks.add(look);
      }
    }
  }

  async function lookAt(due: store.DueLook, source: Polled): Promise<void> {
    try {
      const { state, signal } = await deps.look(source, due.state);
      await db.transaction().execute(async tx => {
        if ((await store.keepLook(tx, due, { state, nextLookMs: everyMs(source) })) && signal) {
          await store.insertSignal(tx, due.trigger_id, due.place, signal);
        }
      });
    } catch (err) {
      log.warn({ err, trigger: due.trigger_id, place: due.place }, 'a source could not be looked at');
      if (!isDatabaseAway(err)) {
        const message = err instanceof Error ? err.message : String(err);
        await store.keepFault(db, due, message).catch((cause: unknown) => log.warn({ err: cause }, 'why a source could not be looked at is not kept'));
      }
    }
  }

  async function listen(): Promise<void> {
    const isMoveDue = performance.now() - movedAt >= CURSOR_MS;
    const hasListeners = (await listeners()).length > 0;
    if (hasListeners) {
      await hear();
    } else {
      news.forget();
    }
    if (isMoveDue) {
      await store.moveCursor(db, hasListeners ? news.readTo() : undefined);
      movedAt = performance.now();
    }
  }

  const listeners = async (): Promise<TriggerRow[]> => (await store.allTriggers(db)).filter(t => sourcesOf(t.spec).some(s => s.source.kind === 'pipeline' || s.source.kind === 'event'));

  /** Each daemon hears all news; what two of them heard is one signal by its key. */
  async function hear(): Promise<void> {
    for await (const page of news.pages()) {
      // Asked for once the page is read: what came after a trigger was saved finds it.
      const triggers = await listeners();
      const signals = page.flatMap(event => triggers.flatMap(trigger => signalsOf(trigger, event).map(s => ({ ...s, triggerId: trigger.id }))));
      if (signals.length > 0) {
        await store.insertSignals(db, signals);
      }
    }
  }

  /** Takes what is ripe for one firing. */
  async function fire(triggerId: string): Promise<void> {
    await db.transaction().execute(async tx => {
      const trigger = await store.lockTrigger(tx, triggerId);
      const ripe = trigger && !trigger.spec.isPaused ? ripeSignals(trigger.spec, await store.openSignals(tx, triggerId), new Date()) : [];
      if (!trigger || ripe.length === 0) {
        return;
      }
      const taken = await store.signalsById(tx, ripe.map(s => s.id));
      const isTooOften = (await store.firedWithinAnHour(tx, triggerId)) >= trigger.spec.maxPerHour;
      const error = isTooOften ? `It fired ${trigger.spec.maxPerHour} times within an hour, which is the most it may: is there a loop?` : null;
      const firing = { trigger_id: triggerId, state: isTooOften ? ('refused' as const) : ('waiting' as const), reason: reasonOf(taken), payload: JSON.stringify(payloadOf(taken)), run_id: null, error };
      await store.insertFiring(tx, firing, taken.map(s => s.id));
      await events.append(tx, [{ type: 'pipeline.changed', subject: trigger.pipeline }]);
    });
  }

  async function start(firing: FiringRow): Promise<void> {
    const trigger = await store.triggerById(db, firing.trigger_id);
    if (!trigger) {
      return;
    }
    try {
      const { content } = await pipelines.definitions.versionWith(trigger.pipeline);
      const params = { ...trigger.spec.params, ...typedAs(paramsFrom(trigger.spec, firing.payload), content) };
      const origin = { reason: firing.reason, firing: { id: firing.id, triggerId: trigger.id, trigger: trigger.name } };
      await pipelines.startRun(trigger.pipeline, { params, origin, trigger: 'trigger', userId: trigger.created_by }, async (tx, runId) => {
        if (!(await store.settleFiring(tx, firing.id, { state: 'started', run_id: runId }))) {
          throw new Taken();
        }
      });
    } catch (err) {
      if (err instanceof Taken) {
        return;
      }
      if (!(err instanceof AppError)) {
        throw err;
      }
      await db.transaction().execute(async tx => {
        await store.settleFiring(tx, firing.id, { state: 'refused', error: err.message });
        await events.append(tx, [{ type: 'pipeline.changed', subject: trigger.pipeline }]);
      });
    }
  }

  return {
    poke: loop.poke,
    /** What triggers heard, and what it had them do, is told for a month. */
    async trim(): Promise<void> {
      await inBatches(most => store.trimSignals(db, most));
      await inBatches(most => store.trimFirings(db, most));
    },
    async start(): Promise<void> {
      // What comes in crowds and is seldom waited for is seen at the next look.
      unsubscribe = events.subscribe(event => !OFTEN.has(event.type) && (event.type !== 'run.changed' || isRunsEnd(event)) && loop.poke());
      loop.start();
    },
    async stop(): Promise<void> {
      unsubscribe();
      await loop.stop();
      await Promise.all(looks);
    }
  };
}

/** Another daemon started it. */
class Taken extends Error {}

/** @throws InvalidInput `nothing_at_pointer` */
function paramsFrom(spec: TriggerSpec, payload: Record<string, unknown>): Record<string, Scalar> {
  return Object.fromEntries(
    spec.bindings.map(({ param, pointer }) => {
      const value = atPointer(payload, pointer);
      if (value !== null && !['string', 'number', 'boolean'].includes(typeof value)) {
        throw new InvalidInput('nothing_at_pointer', `The param ${param} is to come from ${pointer}, where the payload holds ${value === undefined ? 'nothing' : 'no text, number or truth value'}.`);
      }
      return [param, value as Scalar];
    })
  );
}
