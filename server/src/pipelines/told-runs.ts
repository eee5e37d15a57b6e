import { createHash } from 'node:crypto';
import type { LiveStep } from './live-run';
import type { ToldRun } from './step-outcome';

/** Where what a step told MLflow is kept: with the pipeline's run, or as runs below it. */
export interface ToldPlaces {
  own: ToldRun[];
  children: ToldRun[];
}

/**
 * The only run that a step opens is the pipeline's; of several side by side
 * each is one of its own, and so is each item of a map. A run that a later step
 * goes on with is what it was.
 */
export function toldPlaces(steps: readonly Pick<LiveStep, 'name' | 'outcome'>[]): Map<string, ToldPlaces> {
  const owned = new Set<string>();
  const apart = new Set<string>();
  const places = new Map<string, ToldPlaces>();
  for (const { name, outcome } of steps) {
    const told = outcome?.logged ?? [];
    const ids = new Set(told.map(run => run.id));
    const outermost = told.filter(run => run.parentId === null || !(ids.has(run.parentId) || owned.has(run.parentId) || apart.has(run.parentId)));
    const isOwn = (run: ToldRun): boolean => run.item === undefined && (owned.has(run.id) || (!apart.has(run.id) && outermost.length === 1 && outermost[0] === run));
    const place = { own: told.filter(isOwn), children: told.filter(run => !isOwn(run)) };
    place.own.forEach(run => owned.add(run.id));
    place.children.forEach(run => apart.add(run.id));
    places.set(name, place);
  }
  return places;
}

/** The same for the same run of the same pipeline run, whichever step or item tells of it; of no use to reach another's. */
export function childRunId(mlflowRunId: string, id: string): string {
  return createHash('sha256').update(`${mlflowRunId}/${id}`).digest('hex').slice(0, 32);
}
