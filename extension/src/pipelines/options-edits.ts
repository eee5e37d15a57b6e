import { PipelineOptions, type StepOptions } from '@slipway/schema';

/** What a pipeline has of which nothing is said. */
export const NO_OPTIONS: PipelineOptions = PipelineOptions.parse({});

/** The options with those of one step; a step of which nothing is said is left out. */
export function withStepOptions(options: PipelineOptions, step: string, ofStep: StepOptions): PipelineOptions {
  const { [step]: _before, ...others } = options.steps;
  return { ...options, steps: Object.keys(ofStep).length === 0 ? others : { ...others, [step]: ofStep } };
}

/**
 * Options for steps that were grouped anew: what is said of a step goes with it.
 *
 * @param names of the steps there are now
 * @param became what a step of before is now, where it is no more: of merged steps the one, of a split one its parts in order
 */
export function carriedOptions(options: PipelineOptions, names: readonly string[], became: ReadonlyMap<string, readonly string[]>): PipelineOptions {
  const people = options.humanSteps.map(human => human.name);
  const known = new Set([...names, ...people]);
  const now = (name: string): string[] => (became.get(name) ?? [name]).filter(each => known.has(each));
  const all = (of: readonly string[]): string[] => [...new Set(of.flatMap(now))];
  const steps: PipelineOptions['steps'] = {};
  for (const [name, ofStep] of Object.entries(options.steps)) {
    const [first] = now(name);
    if (first !== undefined) {
      steps[first] ??= ofStep; // of merged steps the first that says something
    }
  }
  const humanSteps = options.humanSteps
    .map(human => ({ ...human, after: all(human.after), before: [...new Set(human.before.flatMap(name => now(name)[0] ?? []))] }))
    .filter(human => human.after.length > 0 && human.before.length > 0);
  return { ...options, steps, humanSteps };
}
