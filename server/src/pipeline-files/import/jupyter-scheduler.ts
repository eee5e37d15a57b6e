import type { FileStep, Scalar } from '@slipway/schema';
import { z } from 'zod';
import { pipelineName, type Imported } from './elyra';

/** A job definition of jupyter-scheduler, as its REST API and its database have it. */
export const JobDefinition = z.looseObject({
  name: z.string(),
  input_filename: z.string(),
  runtime_environment_name: z.string().nullish(),
  runtime_environment_parameters: z.record(z.string(), z.unknown()).nullish(),
  output_formats: z.array(z.string()).nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  schedule: z.string().nullish(),
  timezone: z.string().nullish(),
  active: z.boolean().nullish(),
  package_input_folder: z.boolean().nullish()
});
export const JobDefinitions = z.union([z.looseObject({ job_definitions: z.array(JobDefinition) }).transform(all => all.job_definitions), z.array(JobDefinition), JobDefinition.transform(one => [one])]);
export type JobDefinition = z.infer<typeof JobDefinition>;

/** A job definition as a pipeline of one step, the notebook run whole. */
export function importJobDefinition(job: JobDefinition): Imported {
  const left: string[] = [];
  const params: Record<string, Scalar> = {};
  for (const [name, value] of Object.entries(job.parameters ?? {})) {
    if (/^[A-Za-z_]\w*$/.test(name) && (value === null || ['string', 'number', 'boolean'].includes(typeof value))) {
      params[name] = value as Scalar;
    } else {
      left.push(`The parameter ${name}: it is no scalar, or its name no variable’s.`);
    }
  }
  const environment = job.runtime_environment_name;
  if (environment && environment !== 'base' && environment !== 'python3') {
    left.push(`The environment ${environment}: name a kernel that has its packages as \`kernel\`.`);
  }
  if (job.output_formats?.some(format => format !== 'ipynb')) {
    left.push(`The output formats ${job.output_formats.filter(format => format !== 'ipynb').join(', ')}: each run keeps its executed notebook.`);
  }
  if (job.package_input_folder) {
    left.push('A copy of the whole folder: steps see the folder as it is when they run.');
  }
  const step: FileStep = { notebook: job.input_filename.split('/').at(-1)!, ...(Object.keys(params).length > 0 && { params }) };
  const name = pipelineName(job.name);
  const schedule = job.schedule ? { cron: job.schedule, timeZone: job.timezone ?? 'UTC', isPaused: job.active === false } : null;
  return { file: { slipway: 1, name, steps: { [name.slice(0, 80)]: step }, ...(schedule && { schedule }) }, left };
}
