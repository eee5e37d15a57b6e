import type { Blocked } from './decision';
import { asksLicences, licencesOf, type Demand } from './demand';
import type { PolicyJob } from './job';
import type { Scene } from './scene';

/** What keeps a job from starting wherever there is room for it: others of its array, or its project's quota. null when nothing does. */
export function beyondAllowance(scene: Scene, { project, demand, array }: Pick<PolicyJob, 'project' | 'demand' | 'array'>): Blocked | null {
  if (array && scene.inArray(array.id) >= array.maxParallel) {
    return { kind: 'array', maxParallel: array.maxParallel };
  }
  const over = scene.overLimit(project, demand);
  return over === null ? null : { kind: 'quota', amount: over, limit: scene.project(project).quota.limit![over]! };
}

/** The licence that too few are free of now; null when there are enough of all. */
export function lackingLicence({ book, state }: Scene, demand: Demand): Blocked | null {
  if (!asksLicences(demand)) {
    return null;
  }
  const lack = Object.entries(licencesOf(demand)).find(([name, asked]) => (book.licences[name] ?? 0) < asked);
  return lack === undefined ? null : { kind: 'licence', name: lack[0], free: Math.max(0, book.licences[lack[0]] ?? 0), total: state.topology.licences[lack[0]] ?? 0 };
}
