import type { Plan, PlannedStep } from './plan';

/** What steps run in where nobody says otherwise. */
export const IMAGE = 'python:3.11';

/** A parameter’s name where only letters, digits and `_` may stand. */
export function keyOf(name: string): string {
  return name.replace(/[^A-Za-z0-9_]+/g, '_');
}

/** The words that make a step run over the items of a list, one after the other. */
export function eachOf({ options: { map } }: PlannedStep): string[] {
  return map ? ['--each', JSON.stringify({ over: map.over, as: map.as })] : [];
}

/** What containers cannot know of a pipeline that ran in a folder. */
export function containerWarnings({ steps }: Plan): string[] {
  const named = (test: (s: PlannedStep) => unknown): string => steps.filter(test).map(s => s.name).join(', ');
  const [mapped, chosen] = [named(s => s.options.map), steps.flatMap(s => s.inputs.filter(i => i.otherwise.length > 0).map(i => `${i.variable} of ${s.name} is taken from ${i.from}, never from ${i.otherwise.join(', ')}`))];
  return [
    `The image is ${IMAGE}: put one with the pipeline’s packages in its place.`,
    'Files that cells read from the notebook’s folder, or write for later steps: only the declared values are handed on.',
    ...(mapped === '' ? [] : [`The fan-out of ${mapped}: the items run one after the other in one container.`]),
    ...(chosen.length === 0 ? [] : [`Values from whichever alternative ran: ${chosen.join('; ')}.`])
  ];
}
