import { PipelineOptions } from '@slipway/schema';

/** What a pipeline has that says nothing of its options. */
export const NO_OPTIONS: PipelineOptions = PipelineOptions.parse({});

/** Options as content keeps them: steps of which nothing is said are left out, and so is what says nothing at all. */
export function optionsOf(options: PipelineOptions | undefined): { options?: PipelineOptions } {
  if (!options) {
    return {};
  }
  const steps = Object.fromEntries(Object.entries(options.steps).filter(([, step]) => Object.values(step).some(value => value !== undefined)));
  const tidy = { ...options, steps };
  return JSON.stringify(PipelineOptions.parse(tidy)) === JSON.stringify(NO_OPTIONS) ? {} : { options: tidy };
}

/** Options of an earlier version for steps some of which may be gone. */
export function keptOptions(options: PipelineOptions | undefined, stepNames: readonly string[]): PipelineOptions | undefined {
  if (!options) {
    return undefined;
  }
  const human = options.humanSteps.map(h => h.name);
  const known = new Set([...stepNames, ...human]);
  const of = (names: readonly string[]): string[] => names.filter(name => known.has(name));
  return {
    ...options,
    steps: Object.fromEntries(Object.entries(options.steps).filter(([name]) => known.has(name))),
    humanSteps: options.humanSteps.map(h => ({ ...h, after: of(h.after), before: of(h.before) })).filter(h => h.after.length > 0 && h.before.length > 0)
  };
}
