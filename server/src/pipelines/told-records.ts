import { isStorable } from '../artifacts';
import type { Tx } from '../database';
import type { ChildRun } from '../tracking';
import type { LiveRun, LiveStep } from './live-run';
import { childRunId, toldPlaces } from './told-runs';
import { mlflowKey } from './mlflow-key';
import type { TrackingPort } from './ports';
import type { ToldRun } from './step-outcome';

type Texts = Record<string, string>;
export type ToldTracking = Pick<TrackingPort, 'addPart' | 'addChild' | 'linkDatasets'>;

/** What steps told MLflow, but for metrics and files of the pipeline's own run, which go with the step's others. */
export async function writeTold(tx: Tx, tracking: ToldTracking, run: LiveRun, steps: readonly LiveStep[]): Promise<void> {
  const mlflowRunId = run.row.mlflow_run_id!;
  const places = toldPlaces(run.steps);
  const apart = new Set([...places.values()].flatMap(p => p.children.map(c => c.id)));
  for (const step of steps) {
    const { own, children } = places.get(step.name)!;
    for (const told of own) {
      await tracking.addPart(tx, mlflowRunId, { name: mlflowKey(step.name), params: underKeys(told.params), tags: usersTags(told.tags) });
      await tracking.linkDatasets(tx, mlflowRunId, told.datasets);
    }
    for (const told of inOrder(children)) {
      const parentId = told.parentId !== null && apart.has(told.parentId) ? childRunId(mlflowRunId, told.parentId) : mlflowRunId;
      const child = childOf(run, step, told, parentId);
      await tracking.addChild(tx, child);
      await tracking.linkDatasets(tx, child.id, told.datasets);
    }
  }
}

/** Params that the steps put into the pipeline's own run, by the keys they may have there. */
export function ownParamKeys(run: Pick<LiveRun, 'steps'>, steps: readonly LiveStep[]): string[] {
  const places = toldPlaces(run.steps);
  const keys = steps.flatMap(step => places.get(step.name)!.own.flatMap(told => Object.keys(underKeys(told.params)).flatMap(key => [key, `${mlflowKey(step.name)}/${key}`])));
  return [...new Set(keys)];
}

/** A run before those below it, whose parent must be there. */
function inOrder(children: readonly ToldRun[]): ToldRun[] {
  const ids = new Set(children.map(c => c.id));
  const isBelow = (told: ToldRun): boolean => told.parentId !== null && ids.has(told.parentId) && told.parentId !== told.id;
  return [...children.filter(c => !isBelow(c)), ...children.filter(isBelow)];
}

function childOf({ row }: LiveRun, step: LiveStep, told: ToldRun, parentId: string): ChildRun {
  const status = told.status ?? (step.status === 'succeeded' ? 'FINISHED' : step.status === 'cancelled' ? 'KILLED' : 'FAILED');
  const item: Texts = told.item === undefined ? {} : { 'slipway.item': String(told.item) };
  return {
    id: childRunId(row.mlflow_run_id!, told.id),
    parentId,
    name: told.name,
    userId: row.created_by,
    status,
    startTime: new Date(told.startedAt),
    endTime: new Date(told.endedAt ?? Date.now()),
    params: underKeys(told.params),
    tags: { ...usersTags(told.tags), 'slipway.kind': 'step', 'slipway.pipeline': row.pipeline, 'slipway.run_id': row.id, 'slipway.step': step.name, ...item },
    metrics: Object.entries(told.metrics).flatMap(([name, points]) => points.map(([value, at, time]) => ({ key: mlflowKey(name), value: Number(value), step: BigInt(at), timestamp: BigInt(time) }))),
    files: told.files.filter(f => isStorable(f.path))
  };
}

function underKeys(params: Texts): Texts {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [mlflowKey(key), value]));
}

/** What MLflow's client and Slipway say of a run by themselves is not what its code said: it ran elsewhere. */
function usersTags(tags: Texts): Texts {
  const isUsers = (key: string): boolean => key === 'mlflow.note.content' || !/^(mlflow|slipway)\./.test(key);
  return underKeys(Object.fromEntries(Object.entries(tags).filter(([key]) => isUsers(key))));
}
