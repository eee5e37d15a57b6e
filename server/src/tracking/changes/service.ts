import type { RunChange } from '@slipway/schema';
import { InvalidInput, NotFound } from '../../core/errors';
import type { Db, Tx } from '../../database';
import type { Events } from '../../events';
import type { Experiments } from '../experiments';
import { LIMITS, checkKey, cut } from '../limits';
import { updateRun } from '../run-store';
import * as store from './store';
import type { LockedRun } from './store';

export type RunChanger = ReturnType<typeof createRunChanger>;
/** What was changed, and the changes that take it back. */
interface Made {
  runs: LockedRun[];
  undo: RunChange[];
}
type ChangeOf<T extends RunChange['type']> = Extract<RunChange, { type: T }>;

const NAME_TAG = 'mlflow.runName';
/** The one of Slipway's own tags that is the user's: rules of retention leave such a run alone. */
export const PIN_TAG = 'slipway.pinned';

/** Changes to many runs at once, all or none, each with its way back. */
export function createRunChanger(deps: { db: Db; events: Events; experiments: Experiments }) {
  const { db, events, experiments } = deps;

  async function setStage(tx: Tx, runs: LockedRun[], stage: 'active' | 'deleted'): Promise<Made> {
    const concerned = runs.filter(run => run.lifecycle_stage !== stage);
    const ids = concerned.map(run => run.id);
    if (stage === 'active') {
      await Promise.all([...new Set(concerned.map(run => run.experiment_id))].map(id => experiments.requireActive(tx, id)));
    }
    if (ids.length > 0) {
      await store.setStage(tx, ids, stage, Date.now());
    }
    return { runs: concerned, undo: inPieces(ids, runIds => ({ type: stage === 'deleted' ? 'restore' : 'delete', runIds, withChildren: false })) };
  }

  async function move(tx: Tx, runs: LockedRun[], experimentId: string): Promise<Made> {
    const { id } = await experiments.requireActive(tx, experimentId);
    const concerned = runs.filter(run => run.experiment_id !== id);
    if (concerned.length > 0) {
      await store.moveRuns(tx, concerned.map(run => run.id), id);
    }
    const before = groupBy(concerned, run => run.experiment_id);
    return {
      // Both experiments are told.
      runs: [...concerned, ...concerned.map(run => ({ ...run, experiment_id: id }))],
      undo: [...before].flatMap(([from, own]) => inPieces(own.map(run => run.id), runIds => ({ type: 'move', runIds, withChildren: false, experimentId: from })))
    };
  }

  async function rename(tx: Tx, [run]: LockedRun[], given: string): Promise<Made> {
    const name = cut(given, LIMITS.key);
    if (run!.name === name) {
      return { runs: [], undo: [] };
    }
    await updateRun(tx, run!.id, { name });
    await store.setTags(tx, [run!.id], { [NAME_TAG]: name });
    return { runs: [run!], undo: [{ type: 'rename', runIds: [run!.id], name: run!.name }] };
  }

  async function tag(tx: Tx, runs: LockedRun[], given: ChangeOf<'tag'>['tags']): Promise<Made> {
    Object.keys(given).forEach(checkTag);
    const tags = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, value === null ? null : cut(value, LIMITS.tag)]));
    const keys = Object.keys(tags);
    const before = await store.tagsAmong(tx, runs.map(run => run.id), keys);
    const old = new Map(runs.map(run => [run.id, Object.fromEntries(keys.map(key => [key, before.find(t => t.run_id === run.id && t.key === key)?.value ?? null]))]));
    const concerned = runs.filter(run => keys.some(key => old.get(run.id)![key] !== tags[key]));
    if (concerned.length > 0) {
      await store.setTags(tx, concerned.map(run => run.id), tags);
    }
    const alike = groupBy(concerned, run => JSON.stringify(old.get(run.id)));
    return { runs: concerned, undo: [...alike].map(([was, own]) => ({ type: 'tag', runIds: own.map(run => run.id), tags: JSON.parse(was) as ChangeOf<'tag'>['tags'] })) };
  }

  async function make(tx: Tx, change: RunChange): Promise<Made> {
    const ids = [...new Set('withChildren' in change && change.withChildren ? await store.withDescendants(tx, change.runIds) : change.runIds)];
    const runs = await store.lockRuns(tx, ids);
    requireAll(runs, change);
    switch (change.type) {
      case 'delete':
        return setStage(tx, runs, 'deleted');
      case 'restore':
        return setStage(tx, runs, 'active');
      case 'move':
        return move(tx, runs, change.experimentId);
      case 'rename':
        return rename(tx, runs, change.name);
      case 'tag':
        return tag(tx, runs, change.tags);
    }
  }

  return {
    /** @throws {NotFound} `no_such_run`, `no_such_experiment`; {@link InvalidInput} `run_deleted`, `experiment_deleted`, `reserved_tag` */
    async change(changes: readonly RunChange[]): Promise<{ changed: number; undo: RunChange[] }> {
      return db.transaction().execute(async tx => {
        const made: Made[] = [];
        for (const change of changes) {
          made.push(await make(tx, change));
        }
        const runs = made.flatMap(m => m.runs);
        const told = new Map(runs.map(run => [`${run.id} ${run.experiment_id}`, run]));
        if (told.size > 0) {
          await events.append(tx, [...told.values()].map(run => ({ type: 'run.changed', subject: run.id, data: { experimentId: run.experiment_id } })));
        }
        return { changed: new Set(runs.map(run => run.id)).size, undo: made.reverse().flatMap(m => m.undo) };
      });
    }
  };
}

/** Every run that was named is there; only deleting and restoring may touch a deleted one. */
function requireAll(runs: readonly LockedRun[], change: RunChange): void {
  const found = new Map(runs.map(run => [run.id, run]));
  const missing = change.runIds.find(id => !found.has(id));
  if (missing !== undefined) {
    throw new NotFound('no_such_run', `Run with id=${missing} not found. Nothing was changed.`);
  }
  const deleted = change.type === 'delete' || change.type === 'restore' || change.type === 'move' ? undefined : runs.find(run => run.lifecycle_stage === 'deleted');
  if (deleted) {
    throw new InvalidInput('run_deleted', `The run ${deleted.id} is deleted: restore it first. Nothing was changed.`);
  }
}

function checkTag(key: string): void {
  checkKey('tag', key);
  if (key === NAME_TAG || (key.startsWith('slipway.') && key !== PIN_TAG)) {
    throw new InvalidInput('reserved_tag', `The tag ${key} is Slipway’s own: it is not changed by hand.`);
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  items.forEach(item => groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]));
  return groups;
}

/** A change names 1,000 runs at most. */
function inPieces(ids: readonly string[], toChange: (runIds: string[]) => RunChange): RunChange[] {
  return Array.from({ length: Math.ceil(ids.length / 1_000) }, (_, i) => toChange(ids.slice(i * 1_000, (i + 1) * 1_000)));
}
