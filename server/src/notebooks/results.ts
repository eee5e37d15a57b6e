import { closure } from './graph';
import type { Unit } from './interpret/unit';
import { savesModel, savesResult } from './sinks';

/**
 * Which sinks a pipeline is made of. Where the notebook saves models, a metric
 * counts when a training that a saved model rests on is in its slice, or none
 * is: a metric of the data. The metrics of other trainings are abandoned attempts.
 */
export function chooseResults(units: readonly Unit[], sinks: readonly number[]): { results: number[]; abandoned: Set<number> } {
  const models = sinks.filter(s => savesModel(units[s]!));
  const trainings = (from: number): number[] => closure(units, [from]).filter(u => units[u]!.features.has('train'));
  if (models.length === 0) {
    return { results: [...sinks], abandoned: new Set() };
  }
  const saved = new Set(models.flatMap(trainings));
  const isResult = (sink: number): boolean => {
    const own = trainings(sink);
    return savesResult(units[sink]!) || own.length === 0 || own.some(t => saved.has(t));
  };
  const results = sinks.filter(isResult);
  const kept = new Set(closure(units, results));
  const abandoned = closure(units, sinks.filter(s => !isResult(s))).filter(u => !kept.has(u));
  return { results, abandoned: new Set(abandoned) };
}
