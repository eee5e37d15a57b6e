import { InvalidInput } from '../../core/errors';
import { ElyraPipeline, importElyra, type Imported } from './elyra';
import { importJobDefinition, JobDefinitions } from './jupyter-scheduler';

export type { Imported };

/**
 * Pipelines of other tools as pipeline files: an Elyra `.pipeline`, or job
 * definitions of jupyter-scheduler.
 *
 * @param name of the file, for pipelines that have none of their own
 * @throws InvalidInput `not_importable`
 */
export function importPipelines(text: string, name: string): Imported[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput('not_importable', `${name} is no JSON.`, { cause });
  }
  const elyra = ElyraPipeline.safeParse(json);
  if (elyra.success) {
    const imported = importElyra(elyra.data, name.replace(/\.[^.]*$/, ''));
    if (Object.keys(imported.file.steps).length === 0) {
      throw new InvalidInput('not_importable', `${name} has no notebook and no Python script that could be a step. ${imported.left.join(' ')}`);
    }
    return [imported];
  }
  const jobs = JobDefinitions.safeParse(json);
  if (jobs.success && jobs.data.length > 0) {
    return jobs.data.map(importJobDefinition);
  }
  const isElyra = typeof json === 'object' && json !== null && 'doc_type' in json;
  const [issue] = isElyra ? elyra.error.issues : [];
  throw new InvalidInput('not_importable', issue ? `${name} is an Elyra pipeline that cannot be read: ${issue.path.join('.')}: ${issue.message}.` : `${name} is neither an Elyra pipeline nor a job definition of jupyter-scheduler.`);
}
