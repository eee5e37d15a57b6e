import type { TranslationBundle } from '@jupyterlab/translation';
import type { PipelineOptions, StepOptions } from '@slipway/schema';
import type { GraphEdge } from '../graph/graph';

interface Placed {
  name: string;
  after: readonly string[];
}

/** Which step waits for which; what goes along is on the cards. */
export function stepEdges(steps: readonly Placed[]): GraphEdge[] {
  return steps.flatMap(step => step.after.map(before => ({ from: before, to: step.name })));
}

/** The steps with those that people take between them, and the exit handlers behind all others. */
export function withPeople(steps: readonly Placed[], options: PipelineOptions | undefined): Placed[] {
  const people = options?.humanSteps ?? [];
  const exits = new Set(steps.filter(s => options?.steps[s.name]?.isExitHandler).map(s => s.name));
  const work = steps.filter(s => !exits.has(s.name));
  const isLast = (name: string): boolean => !work.some(s => s.after.includes(name));
  return [
    ...people.map(({ name, after }) => ({ name, after })),
    ...steps.map(({ name, after }) => ({
      name,
      after: exits.has(name) ? [...new Set([...after, ...work.filter(s => isLast(s.name)).map(s => s.name)])] : [...after, ...people.filter(p => p.before.includes(name)).map(p => p.name)]
    }))
  ];
}

/** What is said of a step, in few words for its card. */
export function optionWords(trans: TranslationBundle, { when, branch, map, isExitHandler, resources, retry }: StepOptions = {}): string[] {
  return [
    branch === undefined ? '' : trans.__('one of %1', branch),
    when === undefined ? '' : trans.__('if %1', when),
    map ? trans.__('for each %1 of %2', map.as, map.over) : '',
    isExitHandler ? trans.__('at the end, always') : '',
    resources && resources.gpus > 0 ? trans.__('GPUs: %1', resources.gpus) : '',
    retry && retry.maxRetries > 0 ? trans._n('%1 retry', '%1 retries', retry.maxRetries) : ''
  ].filter(words => words !== '');
}
